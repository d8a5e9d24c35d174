// Input is read, never written: this makes next_in a pointer to const.
#define ZLIB_CONST
#include <zlib.h>
