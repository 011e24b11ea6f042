#define TUTTI_LEVEL baseline
#define TUTTI_LEVEL_LANES 4
#include "engine/cpu/block_transform_loops.hpp"
