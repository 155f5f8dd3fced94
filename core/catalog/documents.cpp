#include "base/files.hpp"
#include "catalog/load.hpp"

namespace escudo::catalog {

std::vector<base::Yaml> documents_in(const std::string& folder, base::Severity severity,
                                     base::Diagnostics& problems) {
  std::vector<base::Yaml> out;
  if (!base::is_folder(folder)) return out;
  const auto keep = [&](base::Diagnostic d) {
    d.severity = severity;
    problems.push_back(std::move(d));
  };
  std::vector<std::string> unreadable;
  for (const std::string& path : base::files_under(folder, unreadable)) {
    if (!path.ends_with(".yml") && !path.ends_with(".yaml")) continue;
    base::Diagnostics errors;
    if (auto document = base::Yaml::read_file(path, errors)) out.push_back(std::move(*document));
    for (base::Diagnostic& d : errors) keep(std::move(d));
  }
  for (const std::string& sentence : unreadable) {
    base::Diagnostic d;
    d.code = "unreadable-file";
    d.message = sentence;
    keep(std::move(d));
  }
  return out;
}

void warn(const base::Yaml& at, std::string code, std::string message, std::string hint,
          base::Diagnostics& problems) {
  problems.push_back(at.complain(std::move(code), std::move(message), std::move(hint)));
  problems.back().severity = base::Severity::warning;
}

}  // namespace escudo::catalog
