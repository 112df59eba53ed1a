"""A pool of workers that can be killed: each answers one query at a time from a copy-on-write copy of the store.

::

    keeper   starts a zygote for the newest snapshot, replaces it when there is a newer one, and starts it again if it dies
    zygote   reads the snapshot into memory, forks workers, and kills those that take too long; it has one thread
    worker   answers one query at a time; it can open nothing, so no query reaches a file or another machine
    board    memory that zygote and web processes share: who has which worker since when; free workers are tokens that anyone takes
    door     the way of a web process to one zygote
    pool     the engine of a web process: borrows a worker for each query
    spawned  workers where nothing can be forked, for one process that serves; each is started by itself (alone) and opens the store

Any number of web processes share one zygote, and with it one store, one queue and one budget a client.
"""
