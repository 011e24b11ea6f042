#define TUTTI_LEVEL v3
#define TUTTI_LEVEL_LANES 8
#include "engine/cpu/block_transform_loops.hpp"
