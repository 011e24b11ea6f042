#include "host/routing_cycles.hpp"

#include <algorithm>
#include <limits>

namespace tutti {

namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

/// Outgoing edges by strip: those of strip s are edges[order[first[s]] ... order[first[s + 1] - 1]].
struct Adjacency {
    std::vector<std::size_t> first;
    std::vector<std::size_t> order;
};

Adjacency sort_edges(std::size_t strip_count, const std::vector<RoutingEdge>& edges) {
    Adjacency adjacency{std::vector<std::size_t>(strip_count + 1, 0), std::vector<std::size_t>(edges.size())};
    for (const RoutingEdge& edge : edges) ++adjacency.first[edge.from + 1];
    for (std::size_t s = 0; s < strip_count; ++s) adjacency.first[s + 1] += adjacency.first[s];
    std::vector<std::size_t> next(adjacency.first.begin(), adjacency.first.end() - 1);
    for (std::size_t e = 0; e < edges.size(); ++e) adjacency.order[next[edges[e].from]++] = e;
    return adjacency;
}

/// The strongly connected component of each strip (R. Tarjan, "Depth-first search and linear graph
/// algorithms", 1972), without recursion, so that a chain of a hundred thousand buses cannot exhaust the
/// stack.
std::vector<std::size_t> find_components(const std::vector<RoutingEdge>& edges, const Adjacency& adjacency) {
    const std::size_t strip_count = adjacency.first.size() - 1;
    std::vector<std::size_t> component(strip_count, none);
    std::vector<std::size_t> visited_at(strip_count, none);
    std::vector<std::size_t> low(strip_count, none);
    std::vector<std::size_t> next_edge(adjacency.first.begin(), adjacency.first.end() - 1);
    std::vector<std::size_t> path;
    std::vector<std::size_t> open;
    std::size_t visit_count = 0;
    std::size_t component_count = 0;

    const auto enter = [&](std::size_t strip) {
        visited_at[strip] = low[strip] = visit_count++;
        path.push_back(strip);
        open.push_back(strip);
    };
    const auto leave = [&](std::size_t strip) {
        path.pop_back();
        if (!path.empty()) low[path.back()] = std::min(low[path.back()], low[strip]);
        if (low[strip] != visited_at[strip]) return;
        while (component[strip] == none) {
            component[open.back()] = component_count;
            open.pop_back();
        }
        ++component_count;
    };

    for (std::size_t root = 0; root < strip_count; ++root) {
        if (visited_at[root] != none) continue;
        enter(root);
        while (!path.empty()) {
            const std::size_t strip = path.back();
            if (next_edge[strip] == adjacency.first[strip + 1]) {
                leave(strip);
                continue;
            }
            const std::size_t to = edges[adjacency.order[next_edge[strip]++]].to;
            if (visited_at[to] == none) {
                enter(to);
            } else if (component[to] == none) {
                low[strip] = std::min(low[strip], visited_at[to]);
            }
        }
    }
    return component;
}

/// Breadth first from `start` back to it, within its component; empty when nothing leads back.
std::vector<RoutingEdge> shortest_cycle(std::size_t start, const std::vector<RoutingEdge>& edges,
                                        const Adjacency& adjacency, const std::vector<std::size_t>& component,
                                        std::vector<std::size_t>& reached_by) {
    std::vector<std::size_t> queue{start};
    for (std::size_t head = 0; head < queue.size(); ++head) {
        const std::size_t strip = queue[head];
        for (std::size_t i = adjacency.first[strip]; i < adjacency.first[strip + 1]; ++i) {
            const RoutingEdge& edge = edges[adjacency.order[i]];
            if (component[edge.to] != component[start] || reached_by[edge.to] != none) continue;
            reached_by[edge.to] = adjacency.order[i];
            if (edge.to != start) {
                queue.push_back(edge.to);
                continue;
            }
            std::vector<RoutingEdge> cycle{edge};
            while (cycle.back().from != start) cycle.push_back(edges[reached_by[cycle.back().from]]);
            std::reverse(cycle.begin(), cycle.end());
            return cycle;
        }
    }
    return {};
}

}  // namespace

std::vector<std::vector<RoutingEdge>> find_cycles(std::size_t strip_count,
                                                  const std::vector<RoutingEdge>& edges) {
    const Adjacency adjacency = sort_edges(strip_count, edges);
    const std::vector<std::size_t> component = find_components(edges, adjacency);
    std::vector<std::size_t> reached_by(strip_count, none);
    std::vector<char> is_searched(strip_count, 0);  // by component
    std::vector<std::vector<RoutingEdge>> cycles;
    for (std::size_t strip = 0; strip < strip_count; ++strip) {
        if (is_searched[component[strip]] != 0) continue;
        is_searched[component[strip]] = 1;
        std::vector<RoutingEdge> cycle = shortest_cycle(strip, edges, adjacency, component, reached_by);
        if (!cycle.empty()) cycles.push_back(std::move(cycle));
    }
    return cycles;
}

}  // namespace tutti
