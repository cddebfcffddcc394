#include "CFaissShim.h"
