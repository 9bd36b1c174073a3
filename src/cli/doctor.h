/* doctor - looks at everything keyrack stands on, from the ground up, and says what to do. */
#ifndef KEYRACK_CLI_DOCTOR_H
#define KEYRACK_CLI_DOCTOR_H

#include "cli/cli.h"
#include "sync/probe.h"

enum doctor_level { DOCTOR_OK, DOCTOR_WARN, DOCTOR_BAD };

struct doctor_finding {
	const char *check;
	enum doctor_level level;
	char *text;
	const char *remedy; /* what to do; NULL: nothing */
};

struct doctor {
	struct cli *cli;
	GArray *finding;      /* struct doctor_finding */
	const char *check;    /* the one under way */
	char *api_key;        /* found by 'credentials'; NULL: none */
	struct probe probe;   /* by 'server' */
	bool answered;
};

void doctor_say(struct doctor *d, enum doctor_level level, const char *remedy, const char *fmt, ...)
	G_GNUC_PRINTF(4, 5);

/* In the order in which one stands on the other. */
struct doctor_check {
	const char *name;
	bool needs_profile;
	void (*run)(struct doctor *d);
};
extern const struct doctor_check doctor_check[]; /* ends with name == NULL */

/* doctor_server.c, doctor_cache.c, doctor_desk.c, doctor_files.c */
void doctor_configuration(struct doctor *d);
void doctor_credentials(struct doctor *d);
void doctor_server(struct doctor *d);
void doctor_clock(struct doctor *d);
void doctor_cache(struct doctor *d);
void doctor_doors(struct doctor *d);
void doctor_outbox(struct doctor *d);
void doctor_sync(struct doctor *d);
void doctor_terminal(struct doctor *d);
/* What helps against that answer of a server. */
const char *doctor_server_remedy(const GError *err);
void doctor_keys(struct doctor *d);
void doctor_themes(struct doctor *d);
void doctor_columns(struct doctor *d);
void doctor_feeds(struct doctor *d);
void doctor_notifications(struct doctor *d);

#endif
