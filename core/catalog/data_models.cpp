// content/datamodels/<Model>.yml: model, datasets: [{name, tags, fields: [{name, calculate,
// default}]}]. Ours, so anything odd in it is an error.

#include <algorithm>

#include "base/text.hpp"
#include "catalog/load.hpp"

namespace escudo::catalog {
namespace {

void refuse_other_keys(const base::Yaml& map, const std::vector<std::string>& known,
                       base::Diagnostics& problems) {
  for (const auto& [key, value] : map.members()) {
    if (std::ranges::find(known, key) != known.end()) continue;
    const std::string near = base::nearest(key, known);
    problems.push_back(value.key().complain("bad-data-model", "`" + key + "` means nothing here",
                                            near.empty() ? "" : "did you mean `" + near + "`?"));
  }
}

std::optional<ModelField> read_field(const base::Yaml& node, base::Diagnostics& problems) {
  if (node.is_scalar()) return ModelField{node.text(), "", ""};
  refuse_other_keys(node, {"name", "calculate", "default"}, problems);
  ModelField field{node["name"].text(), node["calculate"].text(), node["default"].text()};
  if (!field.name.empty()) return field;
  problems.push_back(node.complain("bad-data-model", "a field needs a `name`"));
  return {};
}

std::optional<Dataset> read_dataset(const base::Yaml& node, const std::string& model,
                                    base::Diagnostics& problems) {
  refuse_other_keys(node, {"name", "tags", "fields"}, problems);
  Dataset dataset{model, node["name"].text(), node["tags"].strings(), {}};
  if (dataset.name.empty()) {
    problems.push_back(node.complain("bad-data-model", "a dataset needs a `name`"));
    return {};
  }
  for (const base::Yaml& item : node["fields"].items()) {
    auto field = read_field(item, problems);
    if (!field) continue;
    if (dataset.find(field->name)) {
      problems.push_back(item.complain(
          "bad-data-model", "field `" + field->name + "` stands twice in " + dataset.full_name()));
    } else {
      dataset.fields.push_back(std::move(*field));
    }
  }
  return dataset;
}

}  // namespace

std::vector<Dataset> read_data_model(const base::Yaml& document, base::Diagnostics& problems) {
  std::vector<Dataset> out;
  refuse_other_keys(document, {"model", "datasets"}, problems);
  const std::string model = document["model"].text();
  if (model.empty() || !document["datasets"].is_list()) {
    problems.push_back(
        document.complain("bad-data-model", "a data model needs `model` and a list of `datasets`"));
    return out;
  }
  for (const base::Yaml& node : document["datasets"].items()) {
    if (auto dataset = read_dataset(node, model, problems)) out.push_back(std::move(*dataset));
  }
  return out;
}

}  // namespace escudo::catalog
