/* audit - the hash-chained journal: the format of its lines, and whether a chain of them is whole.
 *
 * One record is one line of JSON, made once and kept as it was made:
 *
 *   {"no":7,"at":"2026-01-05T12:00:00.000Z","kind":"act","who":"…","body":{…},"hash":"<64 hex>"}
 *
 * hash is BLAKE2b-256 over the hash before (32 bytes; zeros before the first) and the line's bytes
 * up to ,"hash". Nothing is parsed again to verify: whoever alters, drops, adds or moves a record
 * would have to make every hash after it anew. That is what seals are against: once a day's records
 * are followed by a record of kind "seal" whose body holds the last hash, signed with Ed25519 by a
 * key that lies apart from the store. A chain that was cut off at its end is found out by a head
 * (number and hash) that was written down elsewhere. */
#ifndef KEYRACK_CORE_AUDIT_H
#define KEYRACK_CORE_AUDIT_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include "core/instant.h"
#include "core/own.h"

enum {
	AUDIT_HASH_BYTES = 32,
	AUDIT_HEX = 2 * AUDIT_HASH_BYTES + 1, /* with the end */
	AUDIT_LINE_MAX = 1 << 20,             /* bytes: a longer line is none of ours */
};

struct audit_record {
	int64_t no;         /* from 1, without a gap */
	struct instant at;
	const char *kind;   /* "act", "decision", "event", "key", "start", "seal", "cut" */
	const char *who;    /* whose act it is: a key's short id, "keyrackd", a user of the host */
	const char *body;   /* a JSON object of this program's own making. Never a PIN in it */
};

struct audit_head {
	int64_t no;         /* 0: nothing yet */
	unsigned char hash[AUDIT_HASH_BYTES];
};

/* The line without its hash and last brace, appended; and the head after it. */
void audit_line(GString *line, const struct audit_record *r);
void audit_link(struct audit_head *head, const char *line, size_t len);
/* Makes the line of an export whole: line, and the hash after it. Without a newline. */
void audit_whole(GString *out, const char *line, const unsigned char hash[static AUDIT_HASH_BYTES]);
void audit_hex(const unsigned char hash[static AUDIT_HASH_BYTES], char hex[static AUDIT_HEX]);

/* ---- seals ---- */

/* A signing key, in memory that is locked and wiped. */
struct audit_signer;
/* From the file, mode 0600, which is made with a new key where it is not there yet; its public half
 * goes beside it as PATH.pub. CONFIG: others can read it, or it is no key. IO. */
struct audit_signer *audit_signer_open(const char *path, GError **err);
void audit_signer_free(struct audit_signer *s);
DEFINE_OWN(struct audit_signer, audit_signer, audit_signer_free)
/* The body of a seal over everything up to head; newly allocated. */
char *audit_seal(const struct audit_signer *s, const struct audit_head *head);
/* The body of a record of kind "cut": everything up to head was put away by whoever has the key. A chain is cut before
 * a seal, which then stands first and says what the hash before it was. */
char *audit_cut(const struct audit_signer *s, const struct audit_head *head);

/* ---- verifying ---- */

enum audit_verdict {
	AUDIT_WHOLE,
	AUDIT_EMPTY,        /* there is no record in it */
	AUDIT_ALTERED,      /* record no is not what it was, or one before it was */
	AUDIT_MISSING,      /* record no is not there: the next has a higher number */
	AUDIT_NO_RECORD,    /* line is no record at all */
	AUDIT_FORGED_SEAL,  /* record no is a seal that the key did not make */
	AUDIT_UNSEALED,     /* record no is of a day that is over, and the key has sealed none after it */
	AUDIT_BEHEADED,     /* it begins with record no, and none that the key signed says that this is meant */
	AUDIT_HEAD_GONE,    /* whole, but the head that was given is of a record that was put away */
	AUDIT_CUT_OFF,      /* whole, but it ends before the head that was given */
	AUDIT_OTHER_HEAD,   /* whole, but record no is another than the head that was given */
	AUDIT_UNREADABLE,   /* reading the file failed */
};
struct audit_report {
	enum audit_verdict verdict;
	int64_t no;          /* the first that is wrong; of a whole one: the last */
	int64_t line;        /* of the file, from 1 */
	int64_t first, last; /* records seen */
	int64_t cut, cut_by; /* the last record that was put away, 0: none; the record that says so, 0: none yet */
	char cut_at[INSTANT_TEXT_MAX];
	struct audit_head head;
	int64_t seals, sealed; /* how many, and the last record that one stands for */
	char sealed_at[INSTANT_TEXT_MAX];
	char day[sizeof "2026-01-05"],
		open_day[sizeof "2026-01-05"]; /* of the last record, of the first unsealed one */
	char key[AUDIT_HEX]; /* of the seals, as hex; "": none seen */
	bool key_known;      /* the caller gave it: else the seals prove only that one key made them */
};
/* Reads records from in, one a line, until the first that is wrong. key: the public key as hex, or
 * NULL: that of the first seal is believed and every other must be the same. With a key every day that
 * is over must be sealed: else somebody left the seals out. expect: a head from elsewhere, or NULL. The
 * first record must be number 1, or the seal before which the chain was cut, and the cut must be told of. */
void audit_verify(FILE *in, const char *key, const struct audit_head *expect, struct audit_report *r);
/* What it means, in a sentence for a person; newly allocated. */
char *audit_words(const struct audit_report *r);
/* "1234:<64 hex>" as audit_words says it, into head. */
bool audit_head_parse(const char *text, struct audit_head *head);

#endif
