#include "analysis/scenario/schema.h"
