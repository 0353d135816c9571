#pragma once

#include "analysis/city_reader.h"

/// Micro-data of a city folder, INTERFACE 5 and MODEL.md 25.2. Both report to `problems`; a file
/// that is not there is no problem. Sites and references were read before.
namespace musi::analysis {

/// rt.csv: surveyed RTs, into City::surveyed. Errors: unknown_id, duplicate_id, out_of_range,
/// criterion (volumes that no RT can have), area_total, unknown_source and those of cells.
/// Warnings: clamped, score_total (the sheet's total is not the one of its volumes), area_total
/// where the site's own area is synthetic.
void read_surveyed_rts(const InputPath& folder, CityData& data, InputFiles& files,
                       sim::io::Problems& problems);

/// Header lines of empty tables, for forms to fill.
std::string rt_csv_header();
std::string works_csv_header();

/// works.csv: delivered works, into City::works. Errors: unknown_id, year_outside (before the
/// city's first start year), empty_value (neither RT nor site), unknown_source and those of cells.
/// `horizon.replay_until` of a scenario replays them.
void read_works(const InputPath& folder, CityData& data, InputFiles& files,
                sim::io::Problems& problems);

}  // namespace musi::analysis
