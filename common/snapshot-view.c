/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot-view.c - how long a view lives
 *
 * Views stand in an array that never moves, so that a reader may touch the
 * count of one that has just been given up.  A view's state is one word:
 *
 *     FREE                    nobody's
 *     BUSY                    one thread opens or closes it
 *     OPEN + n                may be taken; n readers have it
 *     n > 0                   given up; the last of n readers closes it
 *
 * A reader takes a view by counting itself in while OPEN stands, and only
 * then compares its epoch; a new view becomes current with one exchange, and
 * the one before loses OPEN.  Nobody ever waits for anybody: where all places
 * are taken, or another thread was quicker, a view serves for one call.
 *
 * After fork() the child has the mappings and counts of its parent.  The
 * readers that were in other threads are missing in it, so a place that they
 * had is lost to the child; it is at worst slower for that.
 */

#include "snapshot-view.h"

#include "snapshot-places.h"

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/single_threaded.h>

#define VIEW_FREE UINT32_C(0)
#define VIEW_OPEN UINT32_C(0x40000000)
#define VIEW_BUSY UINT32_C(0x80000000)

static struct snapshot_view views[SNAPSHOT_VIEWS];
static _Atomic(struct snapshot_view *) current;
static _Atomic(snapshot_counter *) epoch;

/* -- One view ------------------------------------------------------------------------------------ */

static int view_take(struct snapshot_view *v) {
        unsigned state = atomic_load_explicit(&v->state, memory_order_relaxed);

        /* Where no other thread can be in here, a count is a count: no instruction has to be alone on the bus. */
        if (__libc_single_threaded && (state & VIEW_OPEN)) {
                atomic_store_explicit(&v->state, state + 1, memory_order_relaxed);
                return 1;
        }
        while (state & VIEW_OPEN)
                if (atomic_compare_exchange_weak_explicit(&v->state, &state, state + 1,
                                                          memory_order_acquire, memory_order_relaxed))
                        return 1;
        return 0;
}

static void view_destroy(struct snapshot_view *v) {
        snapshot_view_close(v);
        if (v->spare)
                (void) munmap(v, sizeof *v);
        else
                atomic_store_explicit(&v->state, VIEW_FREE, memory_order_release);
}

/* Take @less from the state: a reader, or the right to be taken.  Who leaves nothing closes. */
static void view_leave(struct snapshot_view *v, unsigned less) {
        unsigned state = atomic_load_explicit(&v->state, memory_order_relaxed), next;

        if (__libc_single_threaded && state != less) {
                atomic_store_explicit(&v->state, state - less, memory_order_relaxed);
                return;
        }
        do
                next = state - less ? state - less : VIEW_BUSY;
        while (!atomic_compare_exchange_weak_explicit(&v->state, &state, next,
                                                      memory_order_acq_rel, memory_order_relaxed));
        if (next == VIEW_BUSY)
                view_destroy(v);
}

static struct snapshot_view *view_claim(void) {
        struct snapshot_view *v;

        for (size_t i = 0; i < SNAPSHOT_VIEWS; i++) {
                unsigned state = VIEW_FREE;

                if (atomic_compare_exchange_strong_explicit(&views[i].state, &state, VIEW_BUSY,
                                                            memory_order_acquire, memory_order_relaxed))
                        return &views[i];
        }

        v = mmap(NULL, sizeof *v, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (v == MAP_FAILED)
                return NULL;
        v->spare = 1;
        return v;
}

/* -- The current one ------------------------------------------------------------------------------ */

static struct snapshot_view *current_take(void) {
        struct snapshot_view *const v = atomic_load_explicit(&current, memory_order_acquire);

        return v && view_take(v) ? v : NULL;
}

static int is_fresh(const struct snapshot_view *v) {
        snapshot_counter *const counter = atomic_load_explicit(&epoch, memory_order_acquire);

        return counter && v->epoch == atomic_load_explicit(counter, memory_order_acquire);
}

/* Open a view for this call, and make it the current one if @was still is. */
static int view_renew(struct snapshot_view *was, const struct snapshot_view **ret) {
        struct snapshot_view *v;
        int r;

        v = view_claim();
        if (!v)
                return -ENOMEM;
        r = snapshot_view_open(v, &epoch);
        if (r < 0) {
                view_destroy(v);
                return r;
        }

        /* A self entry may be put right without the epoch's going up: look again at the next call. */
        if (v->spare || v->self_error || v->self_is_old)
                atomic_store_explicit(&v->state, 1, memory_order_release);
        else {
                atomic_store_explicit(&v->state, VIEW_OPEN + 1, memory_order_release);
                if (!atomic_compare_exchange_strong(&current, &was, v))
                        view_leave(v, VIEW_OPEN);
                else if (was)
                        view_leave(was, VIEW_OPEN);
        }
        *ret = v;
        return 0;
}

/* What stands between the host program and the slow path: errno, and a cancellation that would leave a view BUSY for ever. */
static int view_renew_undisturbed(struct snapshot_view *was, const struct snapshot_view **ret) {
        const int saved_errno = errno;
        int state, r;

        (void) pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
        r = view_renew(was, ret);
        (void) pthread_setcancelstate(state, NULL);
        errno = saved_errno;
        return r;
}

int snapshot_acquire(const struct snapshot_view **ret) {
        struct snapshot_view *const was = atomic_load_explicit(&current, memory_order_acquire);
        struct snapshot_view *const v = current_take();

        if (v && is_fresh(v)) {
                *ret = v;
                return SNAPSHOT_OK;
        }
        if (v)
                view_leave(v, 1);
        return view_renew_undisturbed(was, ret);
}

bool snapshot_counter_now(uint32_t *ret) {
        snapshot_counter *const counter = atomic_load_explicit(&epoch, memory_order_acquire);

        if (!counter)
                return false;
        *ret = atomic_load_explicit(counter, memory_order_acquire);
        return true;
}

uint32_t snapshot_counter_of(const struct snapshot_view *view) {
        return view->epoch;
}

void snapshot_release(const struct snapshot_view *view) {
        if (view)
                view_leave((struct snapshot_view *) (uintptr_t) view, 1);
}

int snapshot_reacquire(const struct snapshot_view **view) {
        struct snapshot_view *const was = atomic_load_explicit(&current, memory_order_acquire);
        struct snapshot_view *v;

        snapshot_release(*view);
        *view = NULL;

        /* Another thread may have done it for us. */
        v = current_take();
        if (v && v->euid == SNAPSHOT_EUID() && is_fresh(v)) {
                *view = v;
                return SNAPSHOT_OK;
        }
        if (v)
                view_leave(v, 1);
        return view_renew_undisturbed(was, view);
}

void snapshot_shutdown(void) {
        struct snapshot_view *const v = atomic_exchange(&current, NULL);

        if (v)
                view_leave(v, VIEW_OPEN);
        snapshot_epoch_unmap(atomic_exchange(&epoch, NULL));
}
