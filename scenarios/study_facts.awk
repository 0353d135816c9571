# Joins study_facts.csv with the tables that `musi export` wrote into folder/<scenario>/; for scenarios/reproduce-study.
# Rules: is: the published figure lies in the 90 % band; most: the model stays at or below it; plan: whether the model
# reaches what was planned; missed: a target that was missed, and is missed in at least 95 of 100 futures; wish: the
# chance alone, nothing published to hold it against.
function fail(text) { print "study_facts.awk: " text >"/dev/stderr"; failed = 1; exit 1 }
# Tables have no comma inside a cell in the columns that are used here.
function load(scenario, table,    file, line, cells, n, i, names) {
  if ((scenario, table) in loaded) return
  loaded[scenario, table] = 1
  file = folder "/" scenario "/" table ".csv"
  if ((getline line <file) <= 0) fail("cannot read " file)
  n = split(line, names, ",")
  while ((getline line <file) > 0) {
    split(line, cells, ",")
    delete row
    for (i = 1; i <= n; ++i) row[names[i]] = cells[i]
    if (table == "years") {
      key = scenario SUBSEP row["option"] SUBSEP row["quantity"] SUBSEP row["year"]
      low[key] = row["p05"]; middle[key] = row["p50"]; high[key] = row["p95"]
    } else if (table == "chance") {
      key = scenario SUBSEP row["option"] SUBSEP row["definition"] SUBSEP row["year"]
      middle[key] = row["chance_pct"]
      low[key] = row["chance_pct"] - row["error_pct"]; high[key] = row["chance_pct"] + row["error_pct"]
      if (low[key] < 0) low[key] = 0
      if (high[key] > 100) high[key] = 100
    } else {
      key = scenario SUBSEP row["option"] SUBSEP "count" SUBSEP ""
      ++middle[key]; low[key] = high[key] = middle[key]
    }
  }
  close(file)
}
function verdict(rule, value, a, b) {
  if (rule == "wish") return "no figure to compare"
  if (rule == "missed") return b <= 5 ? "missed in the model too" : a > 5 ? "MISS: the model reaches it too often" \
                                                                          : "too few futures to tell"
  if (rule == "plan") return b < value ? "not reached in the model" : a >= value ? "reached in the model" \
                                                                                 : "reached in some futures"
  if (rule == "most") return a > value ? "MISS: the model has more" : b <= value ? "held" : "held in some futures"
  if (value < a) return "MISS: the model is higher"
  if (value > b) return "MISS: the model is lower"
  return "inside the 90 % band"
}
BEGIN { FS = ","; print "id,scenario,option,quantity,year,published,unit,median,low,high,verdict,source,text_en" }
FNR == 1 { next }
{
  load($2, $4)
  key = $2 SUBSEP $3 SUBSEP $5 SUBSEP $6
  if (!(key in middle)) fail("no " $5 " of " $6 " in option " $3 " of " $2)
  said = verdict($7, $8 + 0, low[key] + 0, high[key] + 0)
  unit = $4 == "chance" ? "% chance" : $9
  published = $4 == "chance" ? "" : $8
  printf "%s,%s,%s,%s,%s,%s,%s,%.6g,%.6g,%.6g,%s,%s,%s\n", $1, $2, $3, $5, $6, published, unit, middle[key],
         low[key], high[key], said, $10, $11
}
END { if (failed) exit 1 }
