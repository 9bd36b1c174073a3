/* store_audit - a record of the audit becomes a line that hangs on the one before. */
#include "engine/store_ops.h"

#include <string.h>

bool store_add_audit(struct store *s, struct audit_record *r, GError **err)
{
	struct audit_head head;
	g_autoptr(GString) line = g_string_sized_new(256);

	if (!s->ops->audit_head(s, &head, err))
		return false;
	r->no = head.no + 1;
	audit_line(line, r);
	audit_link(&head, line->str, line->len);
	return s->ops->audit_put(s, &head, line->str, err);
}

bool store_seal_audit(struct store *s, const struct audit_signer *signer, struct instant at, GError **err)
{
	struct audit_head head;
	g_autofree char *body = NULL;
	struct audit_record r = { .at = at, .kind = AUDIT_SEAL, .who = AUDIT_WHO_SELF };

	if (!s->ops->audit_head(s, &head, err))
		return false;
	r.body = body = audit_seal(signer, &head);
	return store_add_audit(s, &r, err);
}

static bool head_at(struct store *s, int64_t no, struct audit_head *head, GError **err)
{
	OWN(store_list) struct store_list *l = s->ops->audit_lines(s, no - 1, 1, err);

	if (!l || l->rows->len == 0 || store_at(l, struct store_audit, 0)->no != no)
		return false;
	head->no = no;
	memcpy(head->hash, store_at(l, struct store_audit, 0)->hash, sizeof head->hash);
	return true;
}

static bool prune(struct store *s, const struct audit_signer *signer, struct audit_record *r, int64_t seal,
		  struct audit_head *gone, GError **err)
{
	g_autofree char *body = NULL;

	/* Nothing before it, or it is the first already. */
	if (seal < 2 || !head_at(s, seal - 1, gone, NULL)) {
		gone->no = 0;
		return true;
	}
	r->body = body = audit_cut(signer, gone);
	/* It may be another day than that of the last record: that one's is sealed first, as ever. */
	return store_seal_audit(s, signer, r->at, err) && store_add_audit(s, r, err) &&
	       s->ops->audit_cut(s, seal, err);
}

bool store_prune_audit(struct store *s, const struct audit_signer *signer, const char *who, struct instant before,
		       struct instant now, struct audit_head *gone, GError **err)
{
	struct audit_record r = { .at = now, .kind = AUDIT_CUT, .who = who };

	*gone = (struct audit_head){ 0 };
	if (!s->ops->begin(s, err))
		return false;
	if (prune(s, signer, &r, s->ops->audit_sealed_before(s, before), gone, err) && s->ops->commit(s, err))
		return true;
	s->ops->rollback(s);
	return false;
}
