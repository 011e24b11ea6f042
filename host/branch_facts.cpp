#include "host/branch_facts.hpp"

#include <nlohmann/json.hpp>

namespace tutti {

using Json = nlohmann::json;

std::string entry_text(const EntryText& text) {
    Json branches = Json::array();
    for (const auto& [key, facts] : text.facts) {
        Json dynamics = Json::array();
        for (const RenderReport::Dynamics& d : facts.dynamics) {
            dynamics.push_back({d.curve.strip, d.curve.processor, d.curve.insert, d.gain.max_reduction_db,
                                d.gain.mean_reduction_db, d.gain.active_share});
        }
        branches.push_back({key.high, key.low, facts.findings, dynamics});
    }
    return Json{{"name", text.name}, {"session", text.session}, {"branches", branches}}.dump(
        -1, ' ', false, Json::error_handler_t::replace);
}

std::optional<EntryText> parse_entry_text(const std::string& text) {
    try {
        const Json json = Json::parse(text);
        EntryText parsed{json.at("name"), json.at("session"), {}};
        for (const Json& branch : json.at("branches")) {
            BranchFacts facts{branch.at(2), {}};
            for (const Json& d : branch.at(3)) {
                facts.dynamics.push_back({{d.at(0), d.at(1), d.at(2)}, {d.at(3), d.at(4), d.at(5)}});
            }
            parsed.facts[{branch.at(0), branch.at(1)}] = std::move(facts);
        }
        return parsed;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

}  // namespace tutti
