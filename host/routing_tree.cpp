#include "host/routing_tree.hpp"

#include <string_view>
#include <unordered_map>
#include <vector>

#include "host/text.hpp"

namespace tutti {

namespace {

struct Node {
    const Strip* strip;
    std::string kind;
};

const std::string* sidechain_of(const Insert& insert) {
    const Key* key = nullptr;
    if (const auto* compressor = std::get_if<CompressorInsert>(&insert.processor)) key = &compressor->key;
    if (const auto* gate = std::get_if<GateInsert>(&insert.processor)) key = &gate->key;
    return key == nullptr || key->sidechain.empty() ? nullptr : &key->sidechain;
}

/// "Lead Vox (mute) → Plate -12 dB, Slap -20 dB pre ← Kick": sends point away, side-chains in.
std::string line_of(const Node& node) {
    const Strip& strip = *node.strip;
    std::string line = printable(strip.name) + node.kind;
    if (strip.mute) line += " (mute)";
    if (strip.solo) line += " (solo)";
    const char* separator = "  → ";
    for (const Send& send : strip.sends) {
        line += separator + printable(send.to) + ' ' + number_text(send.gain_db) + " dB" +
                (send.pre_fader ? " pre" : "");
        separator = ", ";
    }
    separator = "  ← ";
    for (const Insert& insert : strip.inserts) {
        const std::string* sidechain = sidechain_of(insert);
        if (sidechain == nullptr) continue;
        line += separator + printable(*sidechain);
        separator = ", ";
    }
    return line + '\n';
}

}  // namespace

std::string routing_tree(const Session& session) {
    std::unordered_map<std::string_view, std::vector<Node>> fed_by;
    for (const Track& track : session.tracks) fed_by[track.output].push_back({&track, ""});
    for (const Bus& bus : session.buses)
        fed_by[bus.output].push_back({&bus, bus.channels == 1 ? " [mono bus]" : " [bus]"});

    // A stack of its own instead of recursion: a chain of buses may be as long as a file.
    struct Branch {
        const std::vector<Node>* nodes;
        std::size_t next;
        std::size_t indent_bytes;  ///< of `indent` that belongs to these nodes
    };
    std::string text = line_of({&session.master, ""});
    std::string indent;
    std::vector<Branch> branches{{&fed_by[session.master.name], 0, 0}};
    while (!branches.empty()) {
        Branch& branch = branches.back();
        indent.resize(branch.indent_bytes);
        if (branch.next == branch.nodes->size()) {
            branches.pop_back();
            continue;
        }
        const Node& node = (*branch.nodes)[branch.next++];
        const bool is_last = branch.next == branch.nodes->size();
        text += indent + (is_last ? "└─ " : "├─ ") + line_of(node);
        const auto below = fed_by.find(node.strip->name);
        if (below == fed_by.end()) continue;
        indent += is_last ? "   " : "│  ";
        branches.push_back({&below->second, 0, indent.size()});
    }
    return text;
}

}  // namespace tutti
