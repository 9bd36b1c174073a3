/* own - release at the end of the scope for structs without a typedef.
 *
 *   OWN(profile) struct profile *p = profile_load(NULL, err);
 *
 * needs DEFINE_OWN(struct profile, profile, profile_free) in the type's header. For GLib's own
 * types use g_autoptr and g_autofree. */
#ifndef KEYRACK_CORE_OWN_H
#define KEYRACK_CORE_OWN_H

#define DEFINE_OWN(type, name, free_fn)                                                            \
	static inline void own_##name##_end(type **p)                                              \
	{                                                                                          \
		if (*p)                                                                            \
			free_fn(*p);                                                               \
	}
#define OWN(name) __attribute__((cleanup(own_##name##_end)))

#endif
