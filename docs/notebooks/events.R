# Event data from readouts in base R, without a package. Start `communique demo` first, then: Rscript events.R
# What it prints stands in events.Rout. The samples are composed: people and sentences are invented.

server <- Sys.getenv("READOUTS_SERVER", "http://127.0.0.1:8000")
options(width = 120)
get <- function(path, ...) read.csv(paste0(server, path), encoding = "UTF-8", na.strings = "", ...)

cat("# A saved query: how often did which ministers meet?\n")
pairs <- get("/api/minister-pairs.csv")
print(head(pairs[, c("aLabel", "bLabel", "encounters", "first", "last")], 5), row.names = FALSE)

cat("\n# Event data, one row an act from one party towards another; codes are words, or 036 becomes 36\n")
events <- get("/dumps/events.csv", colClasses = c(cameo = "character"))
cat(nrow(events), "events of", length(unique(events$act)), "acts\n")
print(table(events$plover, events$teller))

cat("\n# The words behind a row\n")
row <- subset(events, plover == "ACCUSE" & source_iso3 == "JPN")[1, ]
cat(row$date, row$source_label, "->", row$target_label, row$act_type, row$cameo, "\n", row$quote, "\n")

cat("\n# Months of a dyad, as Japan tells them\n")
months <- get("/dumps/dyad-months.csv", colClasses = c(cameo = "character"))
told <- subset(months, source_iso3 == "JPN" & target_iso3 == "GBR" & teller_iso3 == "JPN")
print(xtabs(acts ~ month + plover, told))

cat("\n# Counting the events gives the same\n")
named <- events[!is.na(events$date) & !is.na(events$source) & !is.na(events$target), ]
stopifnot(nrow(named) == sum(months$acts))
cat(nrow(named), "=", sum(months$acts), "\n")

cat("\n# Joined with other data by the number of the Correlates of War\n")
other <- data.frame(ccode = c(2, 20, 200, 710, 732, 740), g7 = c(TRUE, TRUE, TRUE, FALSE, FALSE, TRUE))
joined <- merge(events, other, by.x = "source_cow", by.y = "ccode")
print(round(prop.table(table(g7 = joined$g7, stance = joined$stance), 1), 2))
