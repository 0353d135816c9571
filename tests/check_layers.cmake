# Layers: who may include whom, and which calls would tie results to a machine.
#   sim/core  <-  models  <-  analysis          sim/core  <-  sim/io  <-  analysis
# Link lines do not stop an #include of a system header, so every #include is read here.

include(${CMAKE_CURRENT_LIST_DIR}/check_support.cmake)

# What the #include lines of a folder must not match (regular expressions on the name).
set(streams "^(iostream|istream|ostream|fstream|sstream|strstream|cstdio|stdio.h|filesystem)$")
set(clocks "^(chrono|ctime|time.h|sys/time.h)$")
set(chance "^(random|cstdlib_rand)$")
set(threads "^(thread|mutex|shared_mutex|atomic|future|condition_variable|execution|pthread.h)$")
set(formats "^(yaml-cpp/|nlohmann/|CLI/|hdf5|H5|httplib|xlsxwriter)")

set(forbidden_sim_core
    "^sim/io/" "^models/" "^analysis/" "^tests/" "^Eigen/" "${streams}" "${clocks}" "${chance}" "${formats}")
set(forbidden_sim_io "^models/" "^analysis/" "^tests/" "^Eigen/" "^CLI/" "${chance}")
set(forbidden_models
    "^sim/io/" "^analysis/" "^tests/" "^(tbb|oneapi)/" "^Eigen/" "${streams}" "${clocks}" "${chance}"
    "${threads}" "${formats}")
set(forbidden_analysis "^tests/" "${chance}")

# <iostream> adds start-up code to every program, <regex> is slow to build and to run.
set(forbidden_everywhere "^(iostream|regex)$")
# These cost seconds of each file that sees them: behind an own header, in one .cpp.
set(heavy_in_headers "^(yaml-cpp/|nlohmann/json.hpp|CLI/|hdf5|H5|httplib|xlsxwriter)")

# libm answers differently on other machines; these results would reach the result file.
set(machine_math
    "(std::|[^A-Za-z0-9_:]::|^::)(exp|exp2|expm1|log|log2|log10|log1p|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt|hypot|erf|erfc|tgamma|lgamma)f?l?[ ]*\\(")
set(machine_chance "(std::|[^A-Za-z0-9_:.>])(rand|srand|random_device)[ ]*\\(|std::(random_device|mt19937)")

set(n_read 0)
foreach(folder sim_core sim_io models analysis)
  string(REPLACE "_" "/" path ${folder})
  sources_below(files ${path})
  foreach(file IN LISTS files)
    math(EXPR n_read "${n_read} + 1")
    read_lines(lines ${ROOT}/${file})
    set(number 0)
    foreach(line IN LISTS lines)
      math(EXPR number "${number} + 1")
      if(line MATCHES "^[ ]*#[ ]*include[ ]*[<\"]([^>\"]+)[>\"]")
        set(name "${CMAKE_MATCH_1}")
        foreach(pattern IN LISTS forbidden_${folder} forbidden_everywhere)
          if(name MATCHES "${pattern}")
            violation("${file}:${number}" "${path} must not include ${name}")
          endif()
        endforeach()
        if(file MATCHES "[.]h$" AND name MATCHES "${heavy_in_headers}")
          violation("${file}:${number}" "${name} belongs into a .cpp, behind an own header")
        endif()
      elseif(folder STREQUAL "sim_core" OR folder STREQUAL "models")
        string(REGEX REPLACE "//.*$" "" code "${line}")
        if(code MATCHES "${machine_math}")
          violation("${file}:${number}" "${CMAKE_MATCH_0}...) differs between machines, use sim::portable")
        endif()
        if(code MATCHES "${machine_chance}")
          violation("${file}:${number}" "chance only by address, see sim/core/rng.h")
        endif()
      endif()
    endforeach()
  endforeach()
endforeach()
finish(layers ${n_read})
