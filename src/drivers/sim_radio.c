/* sim_radio - requests on their way to a lock and answers on their way back.
 *
 * A lock does one thing at a time, in the order of asking. Each request arrives after two thirds
 * of its latency, is carried out there and then, is on the disk before the answer sets out, and
 * is answered after the last third. So a kill in between leaves what a real one leaves: it was
 * done, and nobody knows. */
#include "drivers/sim.h"

#define LOST_AFTER_MS  10000 /* when whoever asked gives up waiting */
#define UNREACHABLE_MS 2000
#define SLOW_MS	       20000
#define JOBS_MAX       20 /* a bridge takes no more */
#define RETRY_AFTER_MS 30000

enum job_kind { JOB_READ, JOB_SET, JOB_REMOVE, JOB_TURN, JOB_AUTO_LOCK };

struct sim_job {
	struct sim_lock *lock;
	enum job_kind kind;
	char *handle;
	struct on_lock code; /* pin and name are the job's own */
	bool unlock, enabled;
	int delay_s;
	driver_done *done;
	void *ctx;
	uint64_t timer;
	int64_t latency_ms;
	bool carried_out;
	uint64_t mark; /* what must be on the disk before the answer */
	/* the answer */
	struct driver_answer answer;
	char *said_handle, *said_pin;
	GArray *codes; /* struct driver_code */
	GStringChunk *chunk;
};

static void job_free(struct sim_job *job)
{
	clock_cancel(job->lock->sim->driver.clock, job->timer);
	g_free(job->handle);
	g_free((char *)(uintptr_t)job->code.pin);
	g_free((char *)(uintptr_t)job->code.name);
	g_free(job->said_handle);
	g_free(job->said_pin);
	if (job->codes)
		g_array_unref(job->codes);
	if (job->chunk)
		g_string_chunk_free(job->chunk);
	g_free(job);
}

void sim_radio_drop(struct sim_lock *lock)
{
	struct sim_job *job;

	while ((job = g_queue_pop_head(&lock->jobs)))
		job_free(job);
}

static void job_later(struct sim_job *job, int64_t ms, clock_fn *fn)
{
	struct clock *clock = job->lock->sim->driver.clock;

	job->timer = clock_at(clock, instant_add_ms(clock_now(clock), ms), fn, job);
}

/* ---- carrying out ---- */

static const char *keep(struct sim_job *job, const char *text)
{
	return g_string_chunk_insert(job->chunk, text);
}

/* What the lock shows of its codes to whoever may ask through its maker's service. */
static void do_read(struct sim_job *job)
{
	const struct sim_lock *lock = job->lock;
	const struct lock_system *system = &lock->system;

	if (system->read_back == READ_NOTHING) {
		job->answer.result = DRIVER_REFUSED;
		job->answer.text = "the codes of this lock cannot be read";
		return;
	}
	job->chunk = g_string_chunk_new(512);
	job->codes = g_array_new(FALSE, FALSE, sizeof(struct driver_code));
	for (guint i = 0; i < lock->codes->len; i++) {
		const struct sim_code *code = lock->codes->pdata[i];
		char number[16];
		bool hidden = system->read_back == READ_MASKED ||
			      (code->foreign && lock->nature->hides_foreign_pins);

		if (code->foreign && !system->unmanaged_listable)
			continue;
		g_snprintf(number, sizeof number, "%u", code->handle);

		struct driver_code shown = {
			.handle = keep(job, number),
			.is = { .pin = hidden ? NULL : keep(job, code->pin),
				.name = keep(job, code->name),
				.starts_at = code->starts_at,
				.ends_at = code->ends_at,
				.enabled = code->enabled },
		};

		g_array_append_val(job->codes, shown);
	}
	job->answer.codes = (const struct driver_code *)(void *)job->codes->data;
	job->answer.n_codes = job->codes->len;
}

static void take_outcome(struct sim_job *job, struct sim_outcome said)
{
	job->answer.result = said.result;
	job->answer.text = said.text;
	if (!said.code)
		return;
	job->said_handle = g_strdup_printf("%u", said.code->handle);
	job->answer.handle = job->said_handle;
	if (job->lock->system.provider_chooses_pin)
		job->said_pin = g_strdup(said.code->pin);
	job->answer.pin = job->said_pin;
}

static void do_set(struct sim_job *job)
{
	take_outcome(job, sim_lock_set(job->lock, job->handle, &job->code, false));
}

static void do_remove(struct sim_job *job)
{
	take_outcome(job, sim_lock_remove(job->lock, job->handle));
}

static void do_turn(struct sim_job *job)
{
	if (!job->unlock && !job->lock->nature->can_lock) {
		job->answer.result = DRIVER_REFUSED;
		job->answer.text = "this lock cannot be locked from afar";
		return;
	}
	job->answer.result = sim_door_turn(job->lock, job->unlock, "remote", NULL);
	if (job->answer.result == DRIVER_JAMMED)
		job->answer.text = "the bolt does not move";
}

static void do_auto_lock(struct sim_job *job)
{
	struct sim_lock *lock = job->lock;

	if (!lock->nature->can_lock) {
		job->answer.result = DRIVER_REFUSED;
		job->answer.text = "this lock cannot be told to lock itself";
		return;
	}
	lock->relocks = job->enabled;
	if (job->delay_s > 0)
		lock->relock_ms = job->delay_s * 1000;
	sim_memory_state(lock);
	sim_door_start(lock);
	sim_tell_device(lock);
}

static void (*const doers[])(struct sim_job *job) = {
	[JOB_READ] = do_read,
	[JOB_SET] = do_set,
	[JOB_REMOVE] = do_remove,
	[JOB_TURN] = do_turn,
	[JOB_AUTO_LOCK] = do_auto_lock,
};

/* ---- the way there and back ---- */

static void job_begin(struct sim_job *job);

static void lose(struct sim_job *job)
{
	job->answer =
		(struct driver_answer){ .result = DRIVER_LOST, .text = "the lock did not answer" };
}

static void job_answer(void *ctx)
{
	struct sim_job *job = ctx;
	struct sim_lock *lock = job->lock;

	job->timer = 0;
	if (job->carried_out && !sim_reachable(lock))
		lose(job);
	if (!sim_memory_sync(lock->sim, job->mark))
		lose(job); /* what is not on the disk must not count as done */
	g_queue_remove(&lock->jobs, job);
	if (!g_queue_is_empty(&lock->jobs))
		job_begin(g_queue_peek_head(&lock->jobs));
	job->done(&job->answer, job->ctx);
	job_free(job);
}

static void job_arrive(void *ctx)
{
	struct sim_job *job = ctx;
	struct sim_lock *lock = job->lock;
	int64_t back_ms = job->latency_ms - job->latency_ms * 2 / 3;

	job->timer = 0;
	if (!sim_reachable(lock)) {
		job->answer.result = DRIVER_UNREACHABLE;
		job->answer.text = sim_has(lock, SIM_ACCOUNT) ? "the account is not connected"
							      : "the lock cannot be reached";
		back_ms = UNREACHABLE_MS;
	} else {
		doers[job->kind](job);
		job->mark = sim_memory_mark(lock->sim);
		job->carried_out = true;
		if (sim_has(lock, SIM_LOST) && job->kind != JOB_READ) {
			lose(job);
			back_ms = LOST_AFTER_MS;
		}
	}
	job_later(job, back_ms, job_answer);
}

static void job_begin(struct sim_job *job)
{
	struct sim_lock *lock = job->lock;

	job->latency_ms = sim_has(lock, SIM_SLOW)
				  ? SLOW_MS
				  : sim_dice_between(&lock->dice, lock->nature->latency_min_ms,
						     lock->nature->latency_max_ms);
	job_later(job, job->latency_ms * 2 / 3, job_arrive);
}

/* A request for a lock that is not there, or one too many at once: answered all the same, and not
 * from within the call. */
struct sim_refusal {
	struct sim *sim;
	struct driver_answer answer;
	driver_done *done;
	void *ctx;
	uint64_t timer;
};

static void refuse_now(void *ctx)
{
	struct sim_refusal *refusal = ctx;

	g_queue_remove(&refusal->sim->refusals, refusal);
	refusal->done(&refusal->answer, refusal->ctx);
	g_free(refusal);
}

static void refuse_soon(struct driver *d, struct driver_answer answer, driver_done *done, void *ctx)
{
	struct sim_refusal *refusal = g_new(struct sim_refusal, 1);

	*refusal = (struct sim_refusal){
		.sim = sim_of(d), .answer = answer, .done = done, .ctx = ctx
	};
	refusal->timer = clock_at(d->clock, clock_now(d->clock), refuse_now, refusal);
	g_queue_push_tail(&refusal->sim->refusals, refusal);
}

void sim_radio_drop_refusals(struct sim *sim)
{
	struct sim_refusal *refusal;

	while ((refusal = g_queue_pop_head(&sim->refusals))) {
		clock_cancel(sim->driver.clock, refusal->timer);
		g_free(refusal);
	}
}

/* NULL: it has been refused. */
static struct sim_job *job_new(struct driver *d, const char *device_id, enum job_kind kind,
			       const char *handle, driver_done *done, void *ctx)
{
	struct sim_lock *lock = sim_find(sim_of(d), device_id, NULL);

	if (!lock || g_queue_get_length(&lock->jobs) >= JOBS_MAX) {
		struct driver_answer no_lock = { .result = DRIVER_UNREACHABLE,
						 .text = "there is no such lock" };
		struct driver_answer busy = { .result = DRIVER_BUSY,
					      .text = "too many requests wait for this lock",
					      .retry_after_ms = RETRY_AFTER_MS };

		refuse_soon(d, lock ? busy : no_lock, done, ctx);
		return NULL;
	}

	struct sim_job *job = g_new0(struct sim_job, 1);

	*job = (struct sim_job){
		.lock = lock, .kind = kind, .handle = g_strdup(handle), .done = done, .ctx = ctx
	};
	return job;
}

static void job_go(struct sim_job *job)
{
	if (!job)
		return;
	g_queue_push_tail(&job->lock->jobs, job);
	if (g_queue_peek_head(&job->lock->jobs) == job)
		job_begin(job);
}

void sim_radio_read(struct driver *d, const char *device_id, driver_done *done, void *ctx)
{
	job_go(job_new(d, device_id, JOB_READ, NULL, done, ctx));
}

void sim_radio_set(struct driver *d, const char *device_id, const char *handle,
		   const struct on_lock *code, driver_done *done, void *ctx)
{
	struct sim_job *job = job_new(d, device_id, JOB_SET, handle, done, ctx);

	if (!job)
		return;
	job->code = *code;
	job->code.pin = g_strdup(code->pin);
	job->code.name = g_strdup(code->name);
	job_go(job);
}

void sim_radio_remove(struct driver *d, const char *device_id, const char *handle,
		      driver_done *done, void *ctx)
{
	job_go(job_new(d, device_id, JOB_REMOVE, handle, done, ctx));
}

void sim_radio_turn(struct driver *d, const char *device_id, bool unlock, driver_done *done,
		    void *ctx)
{
	struct sim_job *job = job_new(d, device_id, JOB_TURN, NULL, done, ctx);

	if (!job)
		return;
	job->unlock = unlock;
	job_go(job);
}

void sim_radio_auto_lock(struct driver *d, const char *device_id, bool enabled, int delay_s,
			 driver_done *done, void *ctx)
{
	struct sim_job *job = job_new(d, device_id, JOB_AUTO_LOCK, NULL, done, ctx);

	if (!job)
		return;
	job->enabled = enabled;
	job->delay_s = delay_s;
	job_go(job);
}
