// SPDX-License-Identifier: Apache-2.0 OR MIT
/* Many threads at once, fork, and handles of the wrong kind. */
#define SUBJECT "threads"
#define _GNU_SOURCE
#include "harness.h"
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 8 };

struct work {
    CUcontext context;
    CUfunction count_threads;
    CUdeviceptr shared;
    int failed_yet;
};

static void *works_alone(void *data)
{
    struct work *work = data;
    OK(cuCtxSetCurrent(work->context));
    for (int i = 0; i < 20; i++) {
        CUdeviceptr own = 0;
        CUstream in;
        CUevent done;
        uint32_t value = 0;
        OK(cuStreamCreate(&in, CU_STREAM_NON_BLOCKING));
        OK(cuEventCreate(&done, 0));
        OK(cuMemAlloc(&own, 64));
        OK(cuMemsetD32Async(own, 5, 16, in));
        launch(work->count_threads, 1, 32, in, (void *[]){&own});
        launch(work->count_threads, 1, 32, in, (void *[]){&work->shared});
        OK(cuMemcpyDtoHAsync(&value, own, 4, in));
        OK(cuEventRecord(done, in));
        OK(cuEventSynchronize(done));
        EQ(value, 37);
        OK(cuEventDestroy(done));
        OK(cuStreamDestroy(in));
        OK(cuMemFree(own));
    }
    return NULL;
}

/* Programming guide, and 6.8 Context Management: contexts may be used by all threads at once */
CASE(threads_work_at_once)
{
    struct work work = {context(), kernel("count_threads"), device_memory(4), 0};
    pthread_t list[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&list[i], NULL, works_alone, &work);
    for (int i = 0; i < THREADS; i++)
        pthread_join(list[i], NULL);
    OK(cuCtxSynchronize());
    EQ(word_at(work.shared), THREADS * 20 * 32);
}

struct one_stream {
    CUcontext context;
    CUfunction count_threads;
    CUstream in;
    CUdeviceptr word;
};

static void *launches_in_one_stream(void *data)
{
    struct one_stream *all = data;
    OK(cuCtxSetCurrent(all->context));
    for (int i = 0; i < 50; i++)
        launch(all->count_threads, 1, 32, all->in, (void *[]){&all->word});
    return NULL;
}

/* 6.18 Stream Management: a stream may be used by several threads */
CASE(threads_share_a_stream)
{
    struct one_stream all = {context(), kernel("count_threads"), stream(), device_memory(4)};
    pthread_t list[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&list[i], NULL, launches_in_one_stream, &all);
    for (int i = 0; i < THREADS; i++)
        pthread_join(list[i], NULL);
    OK(cuStreamSynchronize(all.in));
    EQ(word_at(all.word), THREADS * 50 * 32);
}

static void *inits(void *unused)
{
    CUcontext made = NULL;
    (void)unused;
    OK(cuInit(0));
    OK(cuDevicePrimaryCtxRetain(&made, 0));
    OK(cuCtxSetCurrent(made));
    OK(cuCtxSynchronize());
    return made;
}

/* 6.3 Initialization and 6.7 Primary Context Management: from several threads at once, one context */
CASE_ALONE(threads_initialize_at_once)
{
    pthread_t list[THREADS];
    void *made[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&list[i], NULL, inits, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(list[i], &made[i]);
    for (int i = 1; i < THREADS; i++)
        EQ(made[i], made[0]);
}

/* Programming guide, Initialization: the state does not survive fork; calls in the child fail, and do not hang */
CASE_ALONE(forked_children_get_errors)
{
    CUdeviceptr word = device_memory(4);
    pid_t pid = fork();
    if (!pid) {
        CUdeviceptr other;
        _exit(cuMemAlloc(&other, 16) == CUDA_SUCCESS ? 1 : 42);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    CHECK(WIFEXITED(status));
    EQ(WEXITSTATUS(status), 42);
    EQ(word_at(word), 0);
}

/* 6.1 Data types, CUDA_ERROR_INVALID_HANDLE: handles are of one kind */
CASE(handles_of_another_kind_are_invalid)
{
    CUstream in = stream();
    CUevent made = event();
    GIVES(CUDA_ERROR_INVALID_HANDLE, cuEventQuery((CUevent)in));
    GIVES(CUDA_ERROR_INVALID_HANDLE, cuStreamQuery((CUstream)made));
    GIVES(CUDA_ERROR_INVALID_HANDLE, cuEventRecord((CUevent)in, in));
    CHECK(cuModuleUnload((CUmodule)in) != CUDA_SUCCESS);
    CHECK(cuGraphDestroy((CUgraph)made) != CUDA_SUCCESS);
    OK(cuStreamDestroy(in));
    OK(cuEventDestroy(made));
}

/* 6.8 Context Management, cuCtxDestroy: streams and events of the context end with it */
CASE_ALONE(objects_end_with_their_context)
{
    CUcontext made;
    CUstream in;
    CUevent recorded;
    init();
    OK(cuCtxCreate(&made, 0, device));
    OK(cuStreamCreate(&in, 0));
    OK(cuEventCreate(&recorded, 0));
    OK(cuCtxDestroy(made));
    context();
    CHECK(cuStreamSynchronize(in) != CUDA_SUCCESS);
    CHECK(cuEventQuery(recorded) != CUDA_SUCCESS);
    CHECK(cuStreamDestroy(in) != CUDA_SUCCESS);
    OK(cuCtxSynchronize());
}
