/* shipped - files that come with the program: beside a build folder, else where they are installed. */
#ifndef KEYRACK_CORE_SHIPPED_H
#define KEYRACK_CORE_SHIPPED_H

/* "harbour-house": the path of that property file, whether it is there or not. Newly allocated. */
char *shipped_property(const char *name);

#endif
