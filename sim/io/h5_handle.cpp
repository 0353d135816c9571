#include "sim/io/h5_handle.h"

#include <hdf5.h>

#include <charconv>
#include <string_view>
#include <type_traits>

#include "sim/core/check.h"
#include "sim/io/h5_file.h"

namespace musi::sim::io {

static_assert(std::is_same_v<H5Handle::Id, hid_t>);

namespace {

/// Number behind "errno = " in a message of the file drivers; 0 if there is none.
int error_number_in(std::string_view text) {
  constexpr std::string_view mark = "errno = ";
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return 0;
  int number = 0;
  std::from_chars(text.data() + at + mark.size(), text.data() + text.size(), number);
  return number;
}

herr_t note_deepest(unsigned, const H5E_error2_t* error, void* context) {
  H5Fault& fault = *static_cast<H5Fault*>(context);
  if (error->desc == nullptr) return 0;
  if (fault.message.empty()) fault.message = error->desc;
  if (fault.error_number == 0) fault.error_number = error_number_in(error->desc);
  return 0;
}

}  // namespace

void quieten_h5() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

H5Fault last_h5_fault() {
  H5Fault fault;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_deepest, &fault);
  return fault;
}

H5Handle h5_file_access() {
  // Counted as in the file; a node of a chunk index takes seven times as much in memory.
  constexpr std::size_t cache_bytes = std::size_t{1} << 17u;
  constexpr std::size_t chunk_bytes = std::size_t{1} << 18u;
  constexpr std::size_t n_slots = 521;  // the library's own number
  constexpr double written_first = 0.75;
  // The library would keep up to 21 MiB of what it has freed.
  constexpr int kept_bytes = 1 << 18, kept_of_a_kind = 1 << 16;
  MUSI_ENSURE(H5set_free_list_limits(kept_bytes, kept_of_a_kind, kept_bytes, kept_of_a_kind,
                                     kept_bytes, kept_of_a_kind) >= 0);
  H5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5AC_cache_config_t cache;
  cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  MUSI_ENSURE(H5Pget_mdc_config(access.id(), &cache) >= 0);
  cache.set_initial_size = 1;
  cache.initial_size = cache.min_size = cache.max_size = cache_bytes;
  cache.incr_mode = H5C_incr__off;
  cache.flash_incr_mode = H5C_flash_incr__off;
  cache.decr_mode = H5C_decr__off;
  MUSI_ENSURE(H5Pset_mdc_config(access.id(), &cache) >= 0);
  MUSI_ENSURE(H5Pset_cache(access.id(), 0, n_slots, chunk_bytes, written_first) >= 0);
  return access;
}

H5Handle h5_text_type(std::size_t size) {
  H5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  MUSI_ENSURE(H5Tset_size(type.id(), size) >= 0 && H5Tset_cset(type.id(), H5T_CSET_UTF8) >= 0 &&
              H5Tset_strpad(type.id(), H5T_STR_NULLTERM) >= 0);
  return type;
}

std::string h5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release);
}

}  // namespace musi::sim::io
