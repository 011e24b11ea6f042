#define TUTTI_LEVEL v4
#define TUTTI_LEVEL_LANES 16
#include "engine/cpu/block_transform_loops.hpp"
