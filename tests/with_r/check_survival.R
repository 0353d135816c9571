# Compares the statistics of write_survival with package survival on the same data.
library(survival)
all <- read.csv(commandArgs(trailingOnly = TRUE)[1])
tolerance <- 1e-9
n <- 0
near <- function(ours, theirs, what) {
  stopifnot(length(ours) == length(theirs))
  off <- max(abs(ours - theirs) / pmax(1, abs(theirs)))
  if (!is.finite(off) || off > tolerance) stop(what, " is off by ", off)
  n <<- n + length(ours)
}
for (set in unique(all$set[all$kind == "seen"])) {
  # R stops where no step moves the curve by more than 5e-5, so it is the less exact one here.
  data <- all[all$set == set & all$kind == "seen", ]
  data$b[is.infinite(data$b)] <- NA
  fit <- survfit(Surv(a, b, type = "interval2") ~ 1, data = data)
  ours <- all[all$set == set & all$kind == "share", ]
  ours <- ours[is.finite(ours$b), ]
  theirs <- summary(fit, times = ours$b, extend = TRUE)$surv
  off <- max(abs(1 - cumsum(ours$c) - theirs))
  if (!is.finite(off) || off > 2e-3) stop("interval-censored: off by ", off)
  n <- n + nrow(ours)
}
all <- all[all$set < 100, ]
for (set in unique(all$set)) {
  rows <- all[all$set == set, ]
  data <- rows[rows$kind == "data", ]
  names(data) <- c("set", "kind", "group", "time", "reached")
  first <- data[data$group == 0, ]
  fit <- survfit(Surv(time, reached) ~ 1, data = first)
  curve <- rows[rows$kind == "curve", ]
  near(curve$a, fit$time, "times")
  near(curve$b, fit$surv, "Kaplan-Meier")
  keep <- fit$surv > 0  # where all have reached zero, R has no standard error
  near(curve$c[keep], (fit$surv * fit$std.err)[keep], "Greenwood")
  means <- rows[rows$kind == "mean", ]
  for (i in seq_len(nrow(means))) {
    table <- survival:::survmean(fit, scale = 1, rmean = means$a[i])$matrix
    near(means$b[i], table["rmean"], "restricted mean")
    near(means$c[i], table["se(rmean)"], "its standard error")
  }
  ours <- rows[rows$kind == "logrank", ]
  theirs <- survdiff(Surv(time, reached) ~ group, data = data)
  near(ours$a, theirs$chisq, "log-rank")
  near(ours$b, length(theirs$n) - 1, "degrees of freedom")
  near(ours$c, pchisq(theirs$chisq, length(theirs$n) - 1, lower.tail = FALSE), "p value")
}
if (n < 500) stop("only ", n, " numbers compared")
cat(n, "numbers equal those of survival", as.character(packageVersion("survival")), "\n")
