#include "CTestProbe.h"
