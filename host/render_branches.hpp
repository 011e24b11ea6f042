#pragma once

#include "host/render.hpp"

namespace tutti {

/// Renders a session with a cache of what its strips make (RenderOptions::strip_cache), and fills in the
/// report but for warnings and wall time. The bytes are the same whatever the cache holds. Throws InputError
/// where the folder is no cache and cannot become one, and for options that do not go with one.
void render_branches(const RenderOptions& options, const OpenedSession& opened, RenderReport& report,
                     const Warn& warn);

}  // namespace tutti
