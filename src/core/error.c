#include "core/error.h"

G_DEFINE_QUARK(keyrack-error-quark, keyrack_error)
