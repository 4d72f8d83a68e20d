// SPDX-License-Identifier: Apache-2.0 OR MIT
/* Primary and explicit contexts, and the stack of each thread. */
#define SUBJECT "contexts"
#include "harness.h"
#include <pthread.h>

static CUcontext make(unsigned flags)
{
    CUcontext made = NULL;
    init();
    OK(cuCtxCreate(&made, flags, device));
    CHECK(made);
    return made;
}

static CUcontext current(void)
{
    CUcontext at = (CUcontext)1;
    OK(cuCtxGetCurrent(&at));
    return at;
}

/* 6.8 Context Management, cuCtxGetCurrent: "If no context is bound to the calling CPU thread then *pctx is set to NULL
   and CUDA_SUCCESS is returned" */
CASE_ALONE(no_context_is_current_at_first)
{
    init();
    EQ(current(), NULL);
}

/* 6.1 Data types, CUDA_ERROR_INVALID_CONTEXT: "there is no context bound to the current thread" */
CASE_ALONE(calls_without_a_context_are_invalid_context)
{
    init();
    CUdeviceptr address;
    CUstream made;
    CUevent recorded;
    CUmodule loaded;
    CUdevice at;
    size_t free, total;
    unsigned flags;
    GIVES(CUDA_ERROR_INVALID_CONTEXT, cuMemAlloc(&address, 4));
    GIVES(CUDA_ERROR_INVALID_CONTEXT, cuStreamCreate(&made, 0));
    GIVES(CUDA_ERROR_INVALID_CONTEXT, cuEventCreate(&recorded, 0));
    GIVES(CUDA_ERROR_INVALID_CONTEXT, cuModuleLoadData(&loaded, kernels));
    GIVES(CUDA_ERROR_INVALID_CONTEXT, cuCtxSynchronize());
    GIVES(CUDA_ERROR_INVALID_CONTEXT, cuCtxGetDevice(&at));
    GIVES(CUDA_ERROR_INVALID_CONTEXT, cuMemGetInfo(&free, &total));
    GIVES(CUDA_ERROR_INVALID_CONTEXT, cuCtxGetFlags(&flags));
}

/* 6.8 Context Management, cuCtxCreate: "makes it current to the calling thread" */
CASE_ALONE(created_context_is_current)
{
    CUcontext made = make(0);
    EQ(current(), made);
    CUdevice at = -1;
    OK(cuCtxGetDevice(&at));
    EQ(at, device);
    OK(cuCtxDestroy(made));
}

/* 6.8 Context Management, cuCtxDestroy: "If ctx is current to the calling thread then ctx will also be popped" */
CASE_ALONE(destroyed_current_context_is_popped)
{
    CUcontext below = make(0), above = make(0);
    EQ(current(), above);
    OK(cuCtxDestroy(above));
    EQ(current(), below);
    OK(cuCtxDestroy(below));
    EQ(current(), NULL);
}

/* 6.8 Context Management, cuCtxCreate: a context that was current "may be restored by a subsequent call to
   cuCtxPopCurrent()" */
CASE_ALONE(create_pushes_and_pop_restores)
{
    CUcontext first = make(0), second = make(0), popped = NULL;
    OK(cuCtxPopCurrent(&popped));
    EQ(popped, second);
    EQ(current(), first);
    OK(cuCtxPopCurrent(&popped));
    EQ(popped, first);
    EQ(current(), NULL);
    OK(cuCtxDestroy(first));
    OK(cuCtxDestroy(second));
}

/* 6.8 Context Management, cuCtxPopCurrent: CUDA_ERROR_INVALID_CONTEXT with an empty stack */
CASE_ALONE(pop_of_an_empty_stack_is_invalid_context)
{
    init();
    CUcontext popped = NULL;
    GIVES(CUDA_ERROR_INVALID_CONTEXT, cuCtxPopCurrent(&popped));
}

/* 6.8 Context Management, cuCtxPopCurrent: the same context may lie on a stack more than once */
CASE_ALONE(a_context_may_be_pushed_twice)
{
    CUcontext made = make(0), popped = NULL;
    OK(cuCtxPushCurrent(made));
    OK(cuCtxPushCurrent(made));
    for (int i = 0; i < 3; i++) {
        OK(cuCtxPopCurrent(&popped));
        EQ(popped, made);
    }
    GIVES(CUDA_ERROR_INVALID_CONTEXT, cuCtxPopCurrent(&popped));
    OK(cuCtxDestroy(made));
}

/* 6.8 Context Management, cuCtxSetCurrent: "If there exists a CUDA context stack on the calling CPU thread, this will
   replace the top of that stack with ctx" */
CASE_ALONE(set_current_replaces_the_top)
{
    CUcontext first = make(0), second = make(0), third = make(0), popped = NULL;
    OK(cuCtxPopCurrent(&popped));
    EQ(current(), second);
    OK(cuCtxSetCurrent(third));
    EQ(current(), third);
    OK(cuCtxPopCurrent(&popped));
    EQ(popped, third);
    EQ(current(), first);
    OK(cuCtxDestroy(first));
    OK(cuCtxDestroy(second));
    OK(cuCtxDestroy(third));
}

/* 6.8 Context Management, cuCtxSetCurrent: "If ctx is NULL then this will be equivalent to popping the top of the CUDA
   context stack" */
CASE_ALONE(set_current_null_pops)
{
    CUcontext first = make(0), second = make(0);
    OK(cuCtxSetCurrent(NULL));
    EQ(current(), first);
    OK(cuCtxSetCurrent(NULL));
    EQ(current(), NULL);
    OK(cuCtxSetCurrent(NULL));
    OK(cuCtxDestroy(first));
    OK(cuCtxDestroy(second));
}

/* 6.8 Context Management, cuCtxSetCurrent: without a stack it makes one */
CASE_ALONE(set_current_on_an_empty_stack_pushes)
{
    CUcontext made = make(0), popped = NULL;
    OK(cuCtxPopCurrent(&popped));
    OK(cuCtxSetCurrent(made));
    EQ(current(), made);
    OK(cuCtxPopCurrent(&popped));
    EQ(popped, made);
    EQ(current(), NULL);
    OK(cuCtxDestroy(made));
}

/* 6.8 Context Management, cuCtxCreate: unknown flags and devices are refused */
CASE_ALONE(create_refuses_what_it_does_not_know)
{
    init();
    CUcontext made = NULL;
    INVALID(cuCtxCreate(&made, 0x8000, device));
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuCtxCreate(&made, 0, 99));
    INVALID(cuCtxCreate(NULL, 0, device));
    EQ(current(), NULL);
}

/* 6.8 Context Management, cuCtxGetFlags: the flags of the current context */
CASE_ALONE(flags_are_those_it_was_created_with)
{
    CUcontext made = make(CU_CTX_SCHED_BLOCKING_SYNC);
    unsigned flags = 0;
    OK(cuCtxGetFlags(&flags));
    EQ(flags & 7, CU_CTX_SCHED_BLOCKING_SYNC);
    OK(cuCtxSetFlags(CU_CTX_SCHED_YIELD));
    OK(cuCtxGetFlags(&flags));
    EQ(flags & 7, CU_CTX_SCHED_YIELD);
    OK(cuCtxDestroy(made));
}

/* 6.8 Context Management, cuCtxGetId: "unique ... over the lifetime of the program" */
CASE_ALONE(ids_are_unique)
{
    CUcontext one = make(0), other = make(0);
    unsigned long long first = 0, second = 0, of_current = 0, third = 0;
    OK(cuCtxGetId(one, &first));
    OK(cuCtxGetId(other, &second));
    OK(cuCtxGetId(NULL, &of_current));
    NE(first, second);
    EQ(of_current, second);
    OK(cuCtxDestroy(other));
    CUcontext new = make(0);
    OK(cuCtxGetId(new, &third));
    CHECK(third != first && third != second);
    INVALID(cuCtxGetId(new, NULL));
    OK(cuCtxDestroy(new));
    OK(cuCtxDestroy(one));
}

/* 6.8 Context Management, cuCtxGetApiVersion */
CASE_ALONE(api_version_is_that_of_the_interface)
{
    CUcontext made = make(0);
    unsigned version = 0, of_current = 0;
    OK(cuCtxGetApiVersion(made, &version));
    OK(cuCtxGetApiVersion(NULL, &of_current));
    CHECK(version >= 3010);
    EQ(version, of_current);
    OK(cuCtxDestroy(made));
}

/* 6.8 Context Management, cuCtxDestroy: handles of nothing */
CASE_ALONE(destroying_nothing_is_refused)
{
    init();
    GIVES_EITHER(CUDA_ERROR_INVALID_VALUE, CUDA_ERROR_INVALID_CONTEXT, cuCtxDestroy(NULL));
    int local = 0;
    GIVES_EITHER(CUDA_ERROR_INVALID_VALUE, CUDA_ERROR_INVALID_CONTEXT, cuCtxDestroy((CUcontext)&local));
}

/* 6.8 Context Management, cuCtxDestroy: the handle is not valid afterwards */
CASE_ALONE(destroyed_contexts_cannot_be_used)
{
    CUcontext made = make(0);
    OK(cuCtxDestroy(made));
    unsigned version;
    CHECK(cuCtxSetCurrent(made) != CUDA_SUCCESS);
    CHECK(cuCtxPushCurrent(made) != CUDA_SUCCESS);
    CHECK(cuCtxGetApiVersion(made, &version) != CUDA_SUCCESS);
    CHECK(cuCtxDestroy(made) != CUDA_SUCCESS);
}

static void *uses_it_too(void *given)
{
    CUdeviceptr address = 0;
    OK(cuCtxSetCurrent(given));
    EQ(current(), given);
    OK(cuMemAlloc(&address, 4));
    OK(cuMemFree(address));
    return NULL;
}

struct shared {
    CUcontext context;
    pthread_barrier_t meet;
};

static void *holds_a_context(void *data)
{
    struct shared *shared = data;
    CUdeviceptr address;
    OK(cuCtxSetCurrent(shared->context));
    pthread_barrier_wait(&shared->meet);
    /* Here the other thread destroys it. */
    pthread_barrier_wait(&shared->meet);
    GIVES(CUDA_ERROR_CONTEXT_IS_DESTROYED, cuMemAlloc(&address, 4));
    GIVES(CUDA_ERROR_CONTEXT_IS_DESTROYED, cuCtxSynchronize());
    return NULL;
}

/* 6.8 Context Management, cuCtxDestroy: "If ctx is current to other threads, then ctx will remain current to those
   threads, and attempting to access ctx from those threads will result in the error CUDA_ERROR_CONTEXT_IS_DESTROYED" */
CASE_ALONE(destroyed_context_of_another_thread_says_so)
{
    struct shared shared;
    pthread_t thread;
    shared.context = make(0);
    pthread_barrier_init(&shared.meet, NULL, 2);
    pthread_create(&thread, NULL, holds_a_context, &shared);
    pthread_barrier_wait(&shared.meet);
    OK(cuCtxDestroy(shared.context));
    pthread_barrier_wait(&shared.meet);
    pthread_join(thread, NULL);
}

static void *sees_no_context(void *unused)
{
    (void)unused;
    EQ(current(), NULL);
    CUdeviceptr address;
    GIVES(CUDA_ERROR_INVALID_CONTEXT, cuMemAlloc(&address, 4));
    return NULL;
}

/* 6.8 Context Management: contexts are current to threads, one by one */
CASE(other_threads_begin_without_a_context)
{
    pthread_t thread;
    context();
    pthread_create(&thread, NULL, sees_no_context, NULL);
    pthread_join(thread, NULL);
}

/* 6.8 Context Management: a context may be current to several threads */
CASE(a_context_may_be_current_to_two_threads)
{
    pthread_t thread;
    pthread_create(&thread, NULL, uses_it_too, context());
    pthread_join(thread, NULL);
    EQ(current(), context());
}

/* 6.8 Context Management, cuCtxDestroy: it "destroys all resources", as memory */
CASE_ALONE(destroying_gives_memory_back)
{
    context();
    size_t before, within, after, total;
    OK(cuMemGetInfo(&before, &total));
    CUcontext made = make(0);
    CUdeviceptr address;
    OK(cuMemAlloc(&address, 32 << 20));
    OK(cuMemGetInfo(&within, &total));
    CHECK(within + (32 << 20) <= before);
    OK(cuCtxDestroy(made));
    OK(cuMemGetInfo(&after, &total));
    CHECK(after >= within + (32 << 20));
}

/* 6.7 Primary Context Management, cuDevicePrimaryCtxRetain: one context for all; it is not made current */
CASE_ALONE(primary_context_is_one_and_not_made_current)
{
    init();
    CUcontext once = NULL, again = NULL;
    OK(cuDevicePrimaryCtxRetain(&once, device));
    EQ(current(), NULL);
    OK(cuDevicePrimaryCtxRetain(&again, device));
    EQ(once, again);
    OK(cuDevicePrimaryCtxRelease(device));
    OK(cuDevicePrimaryCtxRelease(device));
}

/* 6.7 Primary Context Management, cuDevicePrimaryCtxGetState */
CASE_ALONE(primary_context_is_active_while_retained)
{
    init();
    CUcontext made;
    unsigned flags = 99;
    int active = 99;
    OK(cuDevicePrimaryCtxGetState(device, &flags, &active));
    EQ(active, 0);
    OK(cuDevicePrimaryCtxRetain(&made, device));
    OK(cuDevicePrimaryCtxGetState(device, &flags, &active));
    EQ(active, 1);
    OK(cuDevicePrimaryCtxRetain(&made, device));
    OK(cuDevicePrimaryCtxRelease(device));
    OK(cuDevicePrimaryCtxGetState(device, &flags, &active));
    EQ(active, 1);
    OK(cuDevicePrimaryCtxRelease(device));
    OK(cuDevicePrimaryCtxGetState(device, &flags, &active));
    EQ(active, 0);
}

/* 6.7 Primary Context Management, cuDevicePrimaryCtxRelease: CUDA_ERROR_INVALID_CONTEXT when it is not retained */
CASE_ALONE(release_without_retain_is_invalid_context)
{
    init();
    GIVES(CUDA_ERROR_INVALID_CONTEXT, cuDevicePrimaryCtxRelease(device));
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuDevicePrimaryCtxRelease(99));
}

/* 6.7 Primary Context Management, cuDevicePrimaryCtxSetFlags: kept for when it is made */
CASE_ALONE(primary_flags_may_be_set_before)
{
    init();
    unsigned flags = 0;
    int active;
    OK(cuDevicePrimaryCtxSetFlags(device, CU_CTX_SCHED_BLOCKING_SYNC));
    OK(cuDevicePrimaryCtxGetState(device, &flags, &active));
    EQ(flags & 7, CU_CTX_SCHED_BLOCKING_SYNC);
    EQ(active, 0);
    context();
    OK(cuCtxGetFlags(&flags));
    EQ(flags & 7, CU_CTX_SCHED_BLOCKING_SYNC);
    INVALID(cuDevicePrimaryCtxSetFlags(device, 0x8000));
}

/* 6.7 Primary Context Management, cuDevicePrimaryCtxReset: "explicitly destroys all resources", whoever retains it */
CASE_ALONE(reset_frees_memory)
{
    CUcontext primary = context();
    size_t before, within, after, total;
    OK(cuMemGetInfo(&before, &total));
    device_memory(32 << 20);
    OK(cuMemGetInfo(&within, &total));
    CHECK(within + (32 << 20) <= before);
    OK(cuDevicePrimaryCtxReset(device));
    OK(cuDevicePrimaryCtxRetain(&primary, device));
    OK(cuCtxSetCurrent(primary));
    OK(cuMemGetInfo(&after, &total));
    CHECK(after >= within + (32 << 20));
}

/* 6.8 Context Management, cuCtxGetStreamPriorityRange: "greatest stream priority ... the lower the number" */
CASE(priority_range_is_in_order)
{
    context();
    int least = 5, greatest = 5;
    OK(cuCtxGetStreamPriorityRange(&least, &greatest));
    EQ(least, 0);
    CHECK(greatest <= least);
    OK(cuCtxGetStreamPriorityRange(NULL, &greatest));
    OK(cuCtxGetStreamPriorityRange(&least, NULL));
}

/* 6.8 Context Management, cuCtxSetCacheConfig, cuCtxGetCacheConfig: a preference */
CASE(cache_config_is_kept_or_none)
{
    context();
    CUfunc_cache config = (CUfunc_cache)77;
    OK(cuCtxGetCacheConfig(&config));
    EQ(config, CU_FUNC_CACHE_PREFER_NONE);
    OK(cuCtxSetCacheConfig(CU_FUNC_CACHE_PREFER_L1));
    OK(cuCtxGetCacheConfig(&config));
    CHECK(config == CU_FUNC_CACHE_PREFER_L1 || config == CU_FUNC_CACHE_PREFER_NONE);
    OK(cuCtxSetCacheConfig(CU_FUNC_CACHE_PREFER_NONE));
    INVALID(cuCtxSetCacheConfig((CUfunc_cache)77));
}

/* 6.9 Context Management [DEPRECATED], cuCtxAttach and cuCtxDetach count uses */
CASE_ALONE(attach_and_detach_count)
{
    CUcontext made = make(0), attached = NULL;
    OK(cuCtxAttach(&attached, 0));
    EQ(attached, made);
    OK(cuCtxDetach(made));
    EQ(current(), made);
    OK(cuCtxSynchronize());
    INVALID(cuCtxAttach(&attached, 1));
    OK(cuCtxDetach(made));
    EQ(current(), NULL);
}

/* 6.8 Context Management, cuCtxSynchronize waits for all that the context was asked for */
CASE(synchronize_waits_for_all_streams)
{
    CUstream one = stream(), other = stream();
    CUdeviceptr word = device_memory(4);
    CUfunction count_threads = kernel("count_threads");
    for (int i = 0; i < 10; i++)
        launch(count_threads, 4, 64, i & 1 ? one : other, (void *[]){&word});
    OK(cuCtxSynchronize());
    OK(cuStreamQuery(one));
    OK(cuStreamQuery(other));
    EQ(word_at(word), 2560);
}
