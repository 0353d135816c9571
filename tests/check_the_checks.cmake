# Plants one violation after another into a small tree and demands that the checks find it, and that
# they find nothing in the clean tree. Run as: cmake -DTREE=<empty folder> -P tests/check_the_checks.cmake

cmake_minimum_required(VERSION 3.25)

# The smallest tree that all checks accept.
function(plant_clean_tree)
  file(REMOVE_RECURSE ${TREE})
  file(WRITE ${TREE}/sim/core/clock.h "#pragma once\n#include <vector>\n")
  file(WRITE ${TREE}/sim/io/table.cpp "#include \"sim/io/table.h\"\n#include <fstream>\n#include <hdf5.h>\n")
  file(WRITE ${TREE}/models/world.cpp
       "#include \"models/world.h\"\n// std::exp( is allowed in a comment\ndouble y = portable::exp(x);\n")
  file(WRITE ${TREE}/analysis/results.cpp "#include <Eigen/Dense>\n#include <chrono>\ndouble z = std::log(2.0);\n")
  file(WRITE ${TREE}/scenarios/cities/here/references.csv
       "key,citation,address,year,accessed,confidence\nstudy_1,\"A study; in two parts, quoted\",,2019,,high\nexpert_prior,Judgement,,,,low\n")
  file(WRITE ${TREE}/scenarios/SOURCES.md "| `study_1` | A study |\n| `expert_prior` | Judgement |\n")
  file(WRITE ${TREE}/scenarios/cities/here/sites.csv
       "site_id,note,source,area_status\nA,\"a, \"\"b\"\"; [c\",study_1;expert_prior,synthetic\nB,,,\n")
  file(WRITE ${TREE}/scenarios/plan.yaml
       "name: plan\nprovenance:\n  references:\n    workshop: {citation: Ours}\nkey: {value: 8, source: workshop, status: expert}\n")
endfunction()

# expect(check verdict words): runs tests/check_<check>.cmake on the tree.
function(expect check verdict words)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -DROOT=${TREE} -P ${CMAKE_CURRENT_LIST_DIR}/check_${check}.cmake
    RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(verdict STREQUAL "passes" AND NOT code EQUAL 0)
    message(FATAL_ERROR "${check} refuses a clean tree:\n${said}")
  endif()
  if(verdict STREQUAL "finds" AND code EQUAL 0)
    message(FATAL_ERROR "${check} does not find: ${words}")
  endif()
  string(FIND "${said}" "${words}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${check} does not say '${words}':\n${said}")
  endif()
endfunction()

# planted(check words file text): one more line in a file of the clean tree must be found and named.
function(planted check words file text)
  plant_clean_tree()
  file(APPEND ${TREE}/${file} "${text}\n")
  expect(${check} finds "${words}")
endfunction()

plant_clean_tree()
expect(layers passes "no violation")
expect(text passes "no violation")
expect(sources passes "no violation")
file(REMOVE_RECURSE ${TREE})
expect(layers finds "nothing to read")
expect(text finds "nothing to read")
expect(sources finds "nothing to read")

planted(layers "clock.h:3: sim/core must not include models/world.h" sim/core/clock.h "#include \"models/world.h\"")
planted(layers "sim/core must not include sim/io/table.h" sim/core/clock.h "#include \"sim/io/table.h\"")
planted(layers "sim/core must not include fstream" sim/core/clock.h "#include <fstream>")
planted(layers "sim/core must not include yaml-cpp/yaml.h" sim/core/clock.h "#include <yaml-cpp/yaml.h>")
planted(layers "sim/io must not include models/world.h" sim/io/table.cpp "#include \"models/world.h\"")
planted(layers "models must not include sim/io/table.h" models/world.cpp "#include \"sim/io/table.h\"")
planted(layers "models must not include analysis/results.h" models/world.cpp "#include \"analysis/results.h\"")
planted(layers "models must not include tbb/parallel_for.h" models/world.cpp "#include <tbb/parallel_for.h>")
planted(layers "models must not include Eigen/Dense" models/world.cpp "#  include <Eigen/Dense>")
planted(layers "models must not include random" models/world.cpp "#include <random>")
planted(layers "models must not include chrono" models/world.cpp "#include <chrono>")
planted(layers "models must not include thread" models/world.cpp "#include <thread>")
planted(layers "analysis must not include iostream" analysis/results.cpp "#include <iostream>")
planted(layers "analysis must not include regex" analysis/results.cpp "#include <regex>")
planted(layers "belongs into a .cpp" sim/io/table.h "#include <nlohmann/json.hpp>")
planted(layers "world.cpp:4: std::exp(...) differs" models/world.cpp "double a = std::exp(x);")
planted(layers "std::pow(...) differs" sim/core/clock.h "double b = 2 * std::pow(x, 2);")
planted(layers "sinf(...) differs" models/world.cpp "float c = ::sinf(x);")
planted(layers "chance only by address" models/world.cpp "int d = std::rand();")
planted(layers "chance only by address" models/world.cpp "std::mt19937 engine;")

string(REPEAT "x" 98 letters)
string(REPEAT "// line\n" 1501 lines)
string(CONCAT mark "TO" "DO")
planted(text "world.cpp:4: 101 columns" models/world.cpp "// ${letters}")
planted(text "at most 1,500" models/world.cpp "${lines}")
planted(text "world.cpp:4: tab" models/world.cpp "\tint e;")
planted(text "world.cpp:4: unfinished: ${mark}" models/world.cpp "// ${mark}: later")
planted(text "world.cpp:4: a test name" models/world.cpp "TEST_CASE(\"--flag works\", \"(unit)\") {")
plant_clean_tree()
string(REPEAT "é" 97 accents)
file(APPEND ${TREE}/models/world.cpp "// ${accents}\n")
expect(text passes "no violation")

planted(sources "sites.csv:4: source 'study_2' stands in no" scenarios/cities/here/sites.csv "C,,study_1;study_2,synthetic")
planted(sources "status 'guessed' is none of" scenarios/cities/here/sites.csv "C,,study_1,guessed")
planted(sources "3 fields under 4 columns" scenarios/cities/here/sites.csv "C,,study_1")
planted(sources "key 'study_1' appears twice" scenarios/cities/here/references.csv "study_1,Again,,,,")
planted(sources "key 'study_3' of a references.csv is not listed" scenarios/cities/here/references.csv "study_3,More,,,,")
planted(sources "plan.yaml:6: source 'hearsay'" scenarios/plan.yaml "other: {value: 1, source: hearsay, status: expert}")
planted(sources "plan.yaml:6: status 'sure'" scenarios/plan.yaml "other: {value: 1, source: study_1, status: sure}")
file(REMOVE_RECURSE ${TREE})
message("the checks find what was planted")
