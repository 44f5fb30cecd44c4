# Print Mantel-Haenszel's and Peto's fits of metafor on tables of metadat, as JSON.
#
#     Rscript tests/reference/binary_pooling.R > tests/reference/binary_pooling.json
#
# Tests read the output; none runs R. All of metafor's defaults: the sums take the counts as they
# are; in the studies' own estimates, for Q alone, 1/2 is added to the cells of tables with a zero,
# and tables without events, or without others, in both arms are left out (drop00 = TRUE).

suppressMessages({
  library(metafor)
  library(metadat)
})

yusuf <- function(part) {
  whole <- dat.yusuf1985[dat.yusuf1985$table == part, ]
  whole[!is.na(whole$ai), ]
}
pre <- with(dat.collins1985b, data.frame(ai = pre.xti, n1i = pre.nti, ci = pre.xci, n2i = pre.nci))
bcg <- with(dat.bcg, data.frame(ai = tpos, n1i = tpos + tneg, ci = cpos, n2i = cpos + cneg))

tables <- list(
  egger2001 = dat.egger2001, collins1985b = pre, nielweise2007 = dat.nielweise2007, bcg = bcg,
  yusuf1985_6 = yusuf("6"), yusuf1985_9 = yusuf("9"), hahn2001 = dat.hahn2001
)
rates <- list(
  nielweise2008 = dat.nielweise2008, hart1999 = dat.hart1999,
  # Made up: a zero in either arm, and in both.
  zeros = data.frame(
    x1i = c(0, 3, 5, 0, 7), t1i = c(120, 230, 310, 95, 400),
    x2i = c(2, 0, 9, 0, 12), t2i = c(110, 210, 305, 90, 380)
  )
)

list_of <- function(values) paste0("[", paste(sprintf("%.17g", values), collapse = ", "), "]")

columns <- function(table, names) {
  paste0("\"", c("events_treatment", names[1], "events_control", names[2]), "\": ",
         sapply(c(1, 2, 3, 4), function(at) list_of(table[[at]])), collapse = ",\n    ")
}

numbers <- function(method, measure, fit) {
  df <- if (method == "Peto") fit$k.pos - 1 else fit$k.yi - 1
  values <- c(estimate = as.numeric(fit$beta), se = fit$se, lower = fit$ci.lb, upper = fit$ci.ub,
              p = fit$pval, Q = fit$QE, Q_df = df, Q_p = fit$QEp, I2 = fit$I2 / 100)
  paste0("{\"method\": \"", method, "\", \"measure\": \"", measure, "\", ",
         paste0("\"", names(values), "\": ", sprintf("%.15g", values), collapse = ", "), "}")
}

two_by_two <- function(name) {
  table <- tables[[name]][, c("ai", "n1i", "ci", "n2i")]
  fits <- sapply(c("OR", "RR", "RD"), function(measure) numbers("MH", measure, rma.mh(
    measure = measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = table)))
  peto <- numbers("Peto", "OR", rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = table))
  entry(name, columns(table, c("n_treatment", "n_control")), c(fits, peto))
}

person_time <- function(name) {
  table <- rates[[name]][, c("x1i", "t1i", "x2i", "t2i")]
  fit <- rma.mh(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = table)
  entry(name, columns(table, c("time_treatment", "time_control")), numbers("MH", "IRR", fit))
}

entry <- function(name, table, fits) {
  paste0("  \"", name, "\": {\n   \"table\": {\n    ", table, "\n   },\n   \"fits\": [\n    ",
         paste(fits, collapse = ",\n    "), "\n   ]\n  }")
}

versions <- paste0(R.version.string, "; metafor ", packageVersion("metafor"), "; metadat ",
                   packageVersion("metadat"))
options(warn = -1) # what metafor says of the studies it leaves out is known
cat("{\n \"source\": \"binary_pooling.R with ", versions, "\",\n \"tables\": {\n",
    paste(c(sapply(names(tables), two_by_two), sapply(names(rates), person_time)),
          collapse = ",\n"), "\n }\n}\n", sep = "")
