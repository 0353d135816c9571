# Shared by the check_*.cmake scripts. Each is run as
#   cmake -DROOT=<folder> -P tests/check_<what>.cmake
# reads the tree below ROOT, prints every violation as file:line: text and fails if there is one.

cmake_minimum_required(VERSION 3.25)

set(violations 0)

# violation(place text): prints one violation and counts it.
macro(violation place text)
  message("${place}: ${text}")
  math(EXPR violations "${violations} + 1")
endmacro()

# finish(what): fails if anything was found, or if nothing was read.
macro(finish what n_read)
  if(n_read EQUAL 0)
    message(FATAL_ERROR "${what}: nothing to read below ${ROOT}")
  endif()
  if(violations GREATER 0)
    message(FATAL_ERROR "${what}: ${violations} violations in ${n_read} files")
  endif()
  message("${what}: ${n_read} files, no violation")
endmacro()

# sources_below(result folder...): C++ files below the folders of ROOT, relative to ROOT, sorted.
function(sources_below result)
  set(found)
  foreach(folder IN LISTS ARGN)
    file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/${folder}/*.h ${ROOT}/${folder}/*.cpp)
    list(APPEND found ${files})
  endforeach()
  # Reference kernels are kept as published, so that their figures stay comparable.
  list(FILTER found EXCLUDE REGEX "^tests/bench/reference/")
  list(SORT found)
  set(${result} ${found} PARENT_SCOPE)
endfunction()

# read_lines(result file): the lines of a file as a list. The letters that CMake lists cannot hold
# are exchanged one for one: [ ] become ( ), ; becomes the unit separator, \ becomes /.
function(read_lines result file)
  file(READ ${file} text)
  string(ASCII 31 separator)
  string(REPLACE "[" "(" text "${text}")
  string(REPLACE "]" ")" text "${text}")
  string(REPLACE "\\" "/" text "${text}")
  string(REPLACE ";" "${separator}" text "${text}")
  string(REGEX REPLACE "\n$" "" text "${text}")
  string(REPLACE "\n" ";" text "${text}")
  set(${result} "${text}" PARENT_SCOPE)
endfunction()
