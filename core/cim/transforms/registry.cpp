// What Sysmon writes about the registry: "DWORD (0x00000001)", "HKLM\System\…".

#include "base/text.hpp"
#include "cim/transforms/transform.hpp"

namespace escudo::cim {
namespace {

// "DWORD (0x00000001)" -> word "DWORD", data "0x00000001". Other details are data without a type.
struct Details {
  std::string_view type, data;
};

Details read_details(std::string_view text) {
  for (std::string_view type : {std::string_view("DWORD"), std::string_view("QWORD")}) {
    if (!base::istarts_with(text, type)) continue;
    std::string_view rest = base::trim(text.substr(type.size()));
    if (rest.size() >= 2 && rest.front() == '(' && rest.back() == ')') {
      return {text.substr(0, type.size()), rest.substr(1, rest.size() - 2)};
    }
  }
  return {{}, text};
}

FieldValues registry_value_data(Arguments a, base::Arena& scratch) {
  return each(a[0], scratch, [](std::string_view text) { return read_details(text).data; });
}

FieldValues registry_value_type(Arguments a, base::Arena& scratch) {
  return each(a[0], scratch, [](std::string_view text) { return read_details(text).type; });
}

FieldValues registry_hive(Arguments a, base::Arena& scratch) {
  return each(a[0], scratch, [](std::string_view path) -> std::string_view {
    if (base::istarts_with(path, "HKLM\\System\\")) return "HKEY_LOCAL_MACHINE\\System";
    if (base::istarts_with(path, "HKLM\\SOFTWARE\\")) return "HKEY_LOCAL_MACHINE\\Software";
    if (base::istarts_with(path, "HKU\\")) return "HKEY_CURRENT_USER";
    return {};
  });
}

constexpr Transform transforms[] = {
    {"registry_value_data", 1, 1, registry_value_data},
    {"registry_value_type", 1, 1, registry_value_type},
    {"registry_hive", 1, 1, registry_hive},
};

}  // namespace

std::span<const Transform> registry_transforms() { return transforms; }

}  // namespace escudo::cim
