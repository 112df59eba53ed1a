"""``python -m communique.cli`` is the same door as the command ``communique``."""

from communique.cli.main import main

if __name__ == "__main__":
    main()
