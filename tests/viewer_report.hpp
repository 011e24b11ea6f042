#pragma once

#include <memory>

#include "tests/masking_session.hpp"
#include "viewer/report.hpp"

namespace tutti::tests {

/// Sixteen made-up tracks in eight groups, 40 s; "Pad 1" hides "Lead Vox" from 10 to 20 s and 1.9 to 3.1 kHz.
inline std::shared_ptr<const viewer::Report> small_report() {
    static const auto report = std::make_shared<const viewer::Report>(synthetic_masking(16, 40.0), "made/up");
    return report;
}

}  // namespace tutti::tests
