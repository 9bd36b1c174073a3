/* profile_take - the configuration read again, in a program that goes on running. */
#include "core/profile.h"

void profile_take(struct profile *p, struct profile *from)
{
	struct profile before = *p;
	char **const stays[][2] = { { &p->id, &from->id }, { &p->endpoint, &from->endpoint },
				    { &p->api_key_file, &from->api_key_file }, { &p->ca_file, &from->ca_file },
				    { &p->workspace, &from->workspace }, { &p->folder, &from->folder } };

	*p = *from;
	*from = before;
	for (size_t i = 0; i < G_N_ELEMENTS(stays); i++) {
		char *swap = *stays[i][0];

		*stays[i][0] = *stays[i][1];
		*stays[i][1] = swap;
	}
	p->group = before.group;
	from->feeds = p->feeds; /* sync reads them, at its start */
	p->feeds = before.feeds;
}
