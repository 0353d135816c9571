# Opens a sample result with ncdf4 and compares values; the numbers are those of
# tests/support/sample_result.h. Usage: Rscript read_with_ncdf4.R FILE
library(ncdf4)
n <- nc_open(commandArgs(TRUE)[1])
check <- function(condition, what) if (!isTRUE(condition)) stop(what, " is not as written")
zy <- ncvar_get(n, "zero_year")  # dimensions reversed: definition, replicate, option
check(identical(dim(zy), c(2L, 100L, 2L)), "dim of zero_year")
check(is.na(zy[1, 4, 1]), "zero_year not reached")
check(zy[1, 2, 1] == 2021, "zero_year")
area <- ncvar_get(n, "slum_area")
expected <- outer(10 * (0:3), 0:99, function(y, r) 1000 - r - y)
check(all(area[, , 1] == expected) && all(area[, , 2] == expected - 100), "slum_area")
check(all(ncvar_get(n, "option") == c("current", "need")), "option")
check(all(ncvar_get(n, "year") == 2019:2022), "year")
check(ncatt_get(n, "slum_area", "units")$value == "ha", "unit")
check(ncatt_get(n, 0, "headline_year")$value == 2030, "headline_year")
check(abs(ncvar_get(n, "paid_total")[8, 1] - 7.1) < 1e-15, "paid_total")
cat("ncdf4: all values as written\n")
