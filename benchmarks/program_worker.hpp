#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

namespace tutti::bench {

/// The words of a command line that make serve_programs() run these at the same time.
std::vector<std::string> program_words(const std::vector<std::vector<std::string>>& commands);

/// Serves as worker.hpp says by running whole programs: a process between tutti-bench and them. The largest
/// memory that the system reports of a program is at least that of the process that starts it, so that must
/// be small.
void serve_programs(std::span<const std::string> words, std::istream& in, std::ostream& out);

}  // namespace tutti::bench
