# Opens a sample result with rhdf5 and compares values; the numbers are those of
# tests/support/sample_result.h. Usage: Rscript read_with_rhdf5.R FILE
suppressMessages(library(rhdf5))
file <- commandArgs(TRUE)[1]
check <- function(condition, what) if (!isTRUE(condition)) stop(what, " is not as written")
area <- h5read(file, "slum_area", native = TRUE)  # axes as in Python
check(identical(dim(area), c(2L, 100L, 4L)), "dim of slum_area")
check(area[2, 8, 2] == 1000 - 100 - 7 - 10, "slum_area")
zy <- h5read(file, "zero_year", native = TRUE)
check(zy[1, 4, 1] == -1, "raw zero_year")
check(all(h5read(file, "option") == c("current", "need")), "option")
check(h5read(file, "provenance/scenario_yaml") == "schema: 1\nname: sample\n", "scenario")
cat("rhdf5: all values as written\n")
