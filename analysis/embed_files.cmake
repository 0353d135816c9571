# Writes a C++ file that holds the bytes of text files, so that an installed program can work without the
# repository. Needs ROOT, FILES (separated by |, relative to ROOT) and OUTPUT; HEADER and FUNCTION name
# where and as what they are declared.
if(NOT DEFINED HEADER)
  set(HEADER analysis/embedded_files.h)
  set(FUNCTION embedded_files)
endif()

string(REPLACE "|" ";" names "${FILES}")
set(code "#include \"${HEADER}\"\n\nnamespace musi::analysis {\nnamespace {\n\n")
string(APPEND code "constexpr EmbeddedFile files[] = {\n")
foreach(name IN LISTS names)
  # Compilers limit the length of one literal, so a file is a row of literals.
  file(READ ${ROOT}/${name} hex HEX)
  string(REGEX REPLACE "(................................)" "\\1\n" lines "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" lines "${lines}")
  string(REGEX REPLACE "([^\n]+)\n?" "\"\\1\"\n" lines "${lines}")
  string(LENGTH "${hex}" n_digits)
  math(EXPR n_bytes "${n_digits} / 2")
  string(APPEND code "    {\"${name}\", {\n${lines}\"\", ${n_bytes}}},\n")
endforeach()
string(APPEND code "};\n\n}  // namespace\n\n")
string(APPEND code "std::span<const EmbeddedFile> ${FUNCTION}() { return files; }\n\n")
string(APPEND code "}  // namespace musi::analysis\n")
file(WRITE ${OUTPUT} "${code}")
