// SPDX-License-Identifier: Apache-2.0 OR MIT
/* Streams, default streams, priorities, events, host functions and operations on words in memory. */
#define SUBJECT "streams"
#include "harness.h"
#include <pthread.h>

/* 6.18 Stream Management, cuStreamCreate: CU_STREAM_DEFAULT or CU_STREAM_NON_BLOCKING */
CASE(flags_are_those_it_was_created_with)
{
    CUstream blocking = stream(), free_standing;
    unsigned flags = 77;
    OK(cuStreamGetFlags(blocking, &flags));
    EQ(flags, CU_STREAM_DEFAULT);
    OK(cuStreamCreate(&free_standing, CU_STREAM_NON_BLOCKING));
    OK(cuStreamGetFlags(free_standing, &flags));
    EQ(flags, CU_STREAM_NON_BLOCKING);
    INVALID(cuStreamCreate(&free_standing, 0x10));
    INVALID(cuStreamCreate(NULL, 0));
    INVALID(cuStreamGetFlags(blocking, NULL));
    OK(cuStreamDestroy(blocking));
}

/* 6.18 Stream Management, cuStreamCreateWithPriority: "Lower numbers represent higher priorities"; "If the specified
   priority is outside the numerical range ... it will automatically be clamped" */
CASE(priorities_are_clamped_to_the_range)
{
    context();
    int least, greatest, got = 99;
    CUstream made;
    OK(cuCtxGetStreamPriorityRange(&least, &greatest));
    for (int asked = greatest - 3; asked <= least + 3; asked++) {
        OK(cuStreamCreateWithPriority(&made, CU_STREAM_NON_BLOCKING, asked));
        OK(cuStreamGetPriority(made, &got));
        EQ(got, asked < greatest ? greatest : asked > least ? least : asked);
        OK(cuStreamDestroy(made));
    }
}

/* 6.18 Stream Management, cuStreamGetPriority: 0 for a stream without one */
CASE(priority_without_one_is_zero)
{
    CUstream made = stream();
    int got = 99;
    OK(cuStreamGetPriority(made, &got));
    EQ(got, 0);
    OK(cuStreamGetPriority(NULL, &got));
    EQ(got, 0);
    OK(cuStreamDestroy(made));
}

/* 6.18 Stream Management, cuStreamGetCtx: "the context associated with a stream" */
CASE_ALONE(context_is_where_it_was_created)
{
    CUcontext primary = context(), made, got = NULL;
    CUstream in_primary = stream(), in_made;
    OK(cuCtxCreate(&made, 0, device));
    OK(cuStreamCreate(&in_made, 0));
    OK(cuStreamGetCtx(in_primary, &got));
    EQ(got, primary);
    OK(cuStreamGetCtx(in_made, &got));
    EQ(got, made);
    OK(cuStreamGetCtx(NULL, &got));
    EQ(got, made);
}

/* 6.18 Stream Management, cuStreamGetId: unique, also of the default streams */
CASE(ids_are_unique)
{
    CUstream one = stream(), other = stream();
    unsigned long long first = 0, second = 0, legacy = 0, null = 0, thread = 0;
    OK(cuStreamGetId(one, &first));
    OK(cuStreamGetId(other, &second));
    OK(cuStreamGetId(NULL, &null));
    OK(cuStreamGetId(CU_STREAM_LEGACY, &legacy));
    OK(cuStreamGetId(CU_STREAM_PER_THREAD, &thread));
    NE(first, second);
    EQ(null, legacy);
    CHECK(thread != legacy && thread != first && first != legacy);
    OK(cuStreamDestroy(one));
    OK(cuStreamDestroy(other));
}

/* 6.18 Stream Management, cuStreamQuery: CUDA_SUCCESS when all has completed, else CUDA_ERROR_NOT_READY */
CASE(query_tells_of_work)
{
    CUstream in = stream();
    OK(cuStreamQuery(in));
    struct gate gate = gate_close(in);
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(in));
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(in));
    gate_open(gate);
    OK(cuStreamSynchronize(in));
    OK(cuStreamQuery(in));
    OK(cuStreamDestroy(in));
}

/* 6.18 Stream Management, cuStreamDestroy: "In case the device is still doing work in the stream hStream when
   cuStreamDestroy() is called, the function will return immediately and the resources associated with hStream will be
   released automatically once the device has completed all work" */
CASE(destroying_does_not_stop_work)
{
    CUstream in = stream();
    CUdeviceptr word = device_memory(4);
    struct gate gate = gate_close(in);
    launch(kernel("count_threads"), 2, 32, in, (void *[]){&word});
    OK(cuStreamDestroy(in));
    gate_open(gate);
    OK(cuCtxSynchronize());
    EQ(word_at(word), 64);
}

/* 6.18 Stream Management, cuStreamDestroy: the handle is not valid afterwards; the default stream cannot be destroyed */
CASE(destroyed_streams_are_invalid)
{
    CUstream made = stream();
    OK(cuStreamDestroy(made));
    GIVES_EITHER(CUDA_ERROR_INVALID_HANDLE, CUDA_ERROR_CONTEXT_IS_DESTROYED, cuStreamSynchronize(made));
    GIVES_EITHER(CUDA_ERROR_INVALID_HANDLE, CUDA_ERROR_CONTEXT_IS_DESTROYED, cuStreamQuery(made));
    GIVES(CUDA_ERROR_INVALID_HANDLE, cuStreamDestroy(made));
    CHECK(cuStreamDestroy(NULL) != CUDA_SUCCESS);
}

/* 6.1 Data types, CUDA_ERROR_INVALID_HANDLE: what never was a stream */
CASE(other_pointers_are_no_streams)
{
    context();
    long local[32] = {0};
    GIVES(CUDA_ERROR_INVALID_HANDLE, cuStreamSynchronize((CUstream)local));
    GIVES(CUDA_ERROR_INVALID_HANDLE, cuStreamQuery((CUstream)(uintptr_t)0xdeadbeef));
    GIVES(CUDA_ERROR_INVALID_HANDLE, cuStreamSynchronize((CUstream)event()));
}

/* Stream synchronization behavior, Legacy default stream: "implicitly synchronizes with all other streams in the same
   CUcontext except for non-blocking streams": what comes later in a blocking stream waits for the default stream */
CASE(blocking_streams_wait_for_the_legacy_stream)
{
    CUstream blocking = stream();
    CUdeviceptr word = device_memory(4);
    struct gate gate = gate_close(CU_STREAM_LEGACY);
    OK(cuMemsetD32Async(word, 5, 1, blocking));
    milliseconds(10);
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(blocking));
    EQ(word_at(word), 0);
    gate_open(gate);
    OK(cuStreamSynchronize(blocking));
    EQ(word_at(word), 5);
    OK(cuStreamDestroy(blocking));
}

/* Stream synchronization behavior, Legacy default stream: and it waits for the blocking streams */
CASE(legacy_stream_waits_for_blocking_streams)
{
    CUstream blocking = stream();
    CUdeviceptr word = device_memory(4);
    struct gate gate = gate_close(blocking);
    OK(cuMemsetD32Async(word, 6, 1, NULL));
    milliseconds(10);
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(NULL));
    EQ(word_at(word), 0);
    gate_open(gate);
    OK(cuStreamSynchronize(NULL));
    EQ(word_at(word), 6);
    OK(cuStreamDestroy(blocking));
}

/* Stream synchronization behavior, Legacy default stream: not with non-blocking streams */
CASE(non_blocking_streams_do_not_wait_for_the_legacy_stream)
{
    CUstream aside;
    CUdeviceptr word = device_memory(4);
    OK(cuStreamCreate(&aside, CU_STREAM_NON_BLOCKING));
    struct gate gate = gate_close(NULL);
    OK(cuMemsetD32Async(word, 7, 1, aside));
    OK(cuStreamSynchronize(aside));
    EQ(word_at(word), 7);
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(NULL));
    gate_open(gate);
    OK(cuCtxSynchronize());
    OK(cuStreamDestroy(aside));
}

/* Stream synchronization behavior, Per-thread default stream: "does not synchronize with other streams (just like
   explicitly created streams)" but "is not a non-blocking stream and will synchronize with the legacy default stream" */
CASE(per_thread_stream_waits_for_the_legacy_stream_only)
{
    CUstream blocking = stream();
    CUdeviceptr word = device_memory(4);
    struct gate gate = gate_close(blocking);
    OK(cuMemsetD32Async(word, 8, 1, CU_STREAM_PER_THREAD));
    OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
    EQ(word_at(word), 8);
    gate_open(gate);
    OK(cuStreamSynchronize(blocking));
    gate = gate_close(CU_STREAM_LEGACY);
    OK(cuMemsetD32Async(word, 9, 1, CU_STREAM_PER_THREAD));
    milliseconds(10);
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(CU_STREAM_PER_THREAD));
    gate_open(gate);
    OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
    EQ(word_at(word), 9);
    OK(cuStreamDestroy(blocking));
}

struct other_thread {
    CUcontext context;
    CUdeviceptr word;
};

static void *fills_in_its_own_stream(void *data)
{
    struct other_thread *other = data;
    OK(cuCtxSetCurrent(other->context));
    OK(cuMemsetD32Async(other->word, 3, 1, CU_STREAM_PER_THREAD));
    OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
    EQ(word_at(other->word), 3);
    return NULL;
}

/* Stream synchronization behavior, Per-thread default stream: "local to both the thread and the CUcontext" */
CASE(each_thread_has_its_own_default_stream)
{
    struct other_thread other = {context(), device_memory(4)};
    pthread_t thread;
    struct gate gate = gate_close(CU_STREAM_PER_THREAD);
    pthread_create(&thread, NULL, fills_in_its_own_stream, &other);
    pthread_join(thread, NULL);
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(CU_STREAM_PER_THREAD));
    gate_open(gate);
    OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
}

/* Asynchronous concurrent execution: streams do not wait for each other */
CASE(two_streams_overlap)
{
    CUstream one = stream(), other = stream();
    CUdeviceptr word = device_memory(4);
    struct gate gate = gate_close(one);
    launch(kernel("count_threads"), 1, 32, other, (void *[]){&word});
    OK(cuStreamSynchronize(other));
    EQ(word_at(word), 32);
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(one));
    gate_open(gate);
    OK(cuStreamSynchronize(one));
    OK(cuStreamDestroy(one));
    OK(cuStreamDestroy(other));
}

/* 6.18 Stream Management, cuStreamWaitEvent: "Makes all future work submitted to hStream wait for all work captured in
   hEvent" */
CASE(wait_event_orders_streams)
{
    CUstream one = stream(), other = stream();
    CUevent between = event();
    CUdeviceptr word = device_memory(4);
    struct gate gate = gate_close(one);
    OK(cuEventRecord(between, one));
    OK(cuStreamWaitEvent(other, between, 0));
    OK(cuMemsetD32Async(word, 4, 1, other));
    milliseconds(10);
    EQ(word_at(word), 0);
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(other));
    gate_open(gate);
    OK(cuStreamSynchronize(other));
    EQ(word_at(word), 4);
    OK(cuStreamDestroy(one));
    OK(cuStreamDestroy(other));
}

/* 6.18 Stream Management, cuStreamWaitEvent: an event that was never recorded is no reason to wait */
CASE(wait_for_an_event_that_was_not_recorded)
{
    CUstream in = stream();
    OK(cuStreamWaitEvent(in, event(), 0));
    OK(cuStreamSynchronize(in));
    INVALID(cuStreamWaitEvent(in, event(), 0x10));
    GIVES_EITHER(CUDA_ERROR_INVALID_HANDLE, CUDA_ERROR_INVALID_VALUE, cuStreamWaitEvent(in, NULL, 0));
    OK(cuStreamDestroy(in));
}

/* 6.18 Stream Management, cuStreamWaitEvent: recording the event again later does not change what was waited for */
CASE(wait_event_takes_the_record_at_hand)
{
    CUstream one = stream(), other = stream(), third = stream();
    CUevent again = event();
    OK(cuEventRecord(again, one));
    OK(cuStreamWaitEvent(other, again, 0));
    struct gate gate = gate_close(third);
    OK(cuEventRecord(again, third));
    OK(cuStreamSynchronize(other));
    GIVES(CUDA_ERROR_NOT_READY, cuEventQuery(again));
    gate_open(gate);
    OK(cuEventSynchronize(again));
}

/* 6.19 Event Management, cuEventCreate: flags */
CASE(event_flags)
{
    context();
    CUevent made;
    OK(cuEventCreate(&made, CU_EVENT_DEFAULT));
    OK(cuEventDestroy(made));
    OK(cuEventCreate(&made, CU_EVENT_BLOCKING_SYNC | CU_EVENT_DISABLE_TIMING));
    OK(cuEventDestroy(made));
    INVALID(cuEventCreate(&made, 0x100));
    INVALID(cuEventCreate(NULL, 0));
}

/* 6.19 Event Management, cuEventQuery: "If cuEventRecord() has not been called on hEvent" CUDA_SUCCESS is returned */
CASE(event_that_was_not_recorded_is_complete)
{
    CUevent made = event();
    OK(cuEventQuery(made));
    OK(cuEventSynchronize(made));
    OK(cuEventDestroy(made));
}

/* 6.19 Event Management, cuEventQuery: CUDA_ERROR_NOT_READY until what was captured has completed */
CASE(event_is_complete_when_the_work_before_it_is)
{
    CUstream in = stream();
    CUevent made = event();
    CUdeviceptr word = device_memory(4);
    struct gate gate = gate_close(in);
    OK(cuMemsetD32Async(word, 1, 1, in));
    OK(cuEventRecord(made, in));
    GIVES(CUDA_ERROR_NOT_READY, cuEventQuery(made));
    gate_open(gate);
    OK(cuEventSynchronize(made));
    OK(cuEventQuery(made));
    EQ(word_at(word), 1);
    OK(cuStreamDestroy(in));
}

/* 6.19 Event Management, cuEventRecord: later work of the stream does not matter to it */
CASE(event_does_not_wait_for_later_work)
{
    CUstream in = stream();
    CUevent made = event();
    OK(cuEventRecord(made, in));
    struct gate gate = gate_close(in);
    OK(cuEventSynchronize(made));
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(in));
    gate_open(gate);
    OK(cuStreamSynchronize(in));
    OK(cuStreamDestroy(in));
}

/* 6.19 Event Management, cuEventElapsedTime: "in milliseconds with a resolution of around 0.5 microseconds" */
CASE(elapsed_time_is_that_between_records)
{
    CUstream in = stream();
    CUevent start = event(), end = event();
    float time = -1;
    struct gate gate = {NULL};
    OK(cuEventRecord(start, in));
    OK(cuEventSynchronize(start));
    gate = gate_close(in);
    OK(cuEventRecord(end, in));
    milliseconds(30);
    gate_open(gate);
    OK(cuEventSynchronize(end));
    OK(cuEventElapsedTime(&time, start, end));
    CHECK(time >= 29 && time < 60000);
    OK(cuEventElapsedTime(&time, start, start));
    CHECK(time == 0);
    OK(cuEventElapsedTime(&time, end, start));
    CHECK(time <= -29);
    OK(cuStreamDestroy(in));
}

/* 6.19 Event Management, cuEventElapsedTime: "If cuEventRecord() has not been called on either event, then
   CUDA_ERROR_INVALID_HANDLE is returned"; without timing likewise */
CASE(elapsed_time_without_records_or_timing_is_invalid)
{
    CUstream in = stream();
    CUevent start = event(), end = event(), plain;
    float time;
    OK(cuEventRecord(start, in));
    OK(cuEventSynchronize(start));
    GIVES(CUDA_ERROR_INVALID_HANDLE, cuEventElapsedTime(&time, start, end));
    OK(cuEventCreate(&plain, CU_EVENT_DISABLE_TIMING));
    OK(cuEventRecord(plain, in));
    OK(cuEventSynchronize(plain));
    GIVES(CUDA_ERROR_INVALID_HANDLE, cuEventElapsedTime(&time, start, plain));
    INVALID(cuEventElapsedTime(NULL, start, start));
    OK(cuStreamDestroy(in));
}

/* 6.19 Event Management, cuEventElapsedTime: "If cuEventQuery() would return CUDA_ERROR_NOT_READY on either of the
   events then CUDA_ERROR_NOT_READY is returned" */
CASE(elapsed_time_of_pending_events_is_not_ready)
{
    CUstream in = stream();
    CUevent start = event(), end = event();
    float time;
    OK(cuEventRecord(start, in));
    struct gate gate = gate_close(in);
    OK(cuEventRecord(end, in));
    GIVES(CUDA_ERROR_NOT_READY, cuEventElapsedTime(&time, start, end));
    gate_open(gate);
    OK(cuStreamSynchronize(in));
    OK(cuEventElapsedTime(&time, start, end));
    OK(cuStreamDestroy(in));
}

/* 6.19 Event Management, cuEventDestroy: "An event may be destroyed before it is complete" */
CASE(events_may_be_destroyed_before_they_are_complete)
{
    CUstream one = stream(), other = stream();
    CUevent made = event();
    CUdeviceptr word = device_memory(4);
    struct gate gate = gate_close(one);
    OK(cuEventRecord(made, one));
    OK(cuStreamWaitEvent(other, made, 0));
    OK(cuMemsetD32Async(word, 2, 1, other));
    OK(cuEventDestroy(made));
    GIVES(CUDA_ERROR_INVALID_HANDLE, cuEventQuery(made));
    GIVES(CUDA_ERROR_INVALID_HANDLE, cuEventDestroy(made));
    milliseconds(5);
    EQ(word_at(word), 0);
    gate_open(gate);
    OK(cuStreamSynchronize(other));
    EQ(word_at(word), 2);
}

/* 6.19 Event Management, cuEventRecord: "hEvent and hStream must be from the same context" */
CASE_ALONE(event_and_stream_are_of_one_context)
{
    CUcontext made;
    CUevent foreign = event();
    CUstream in;
    OK(cuCtxCreate(&made, 0, device));
    OK(cuStreamCreate(&in, 0));
    GIVES(CUDA_ERROR_INVALID_HANDLE, cuEventRecord(foreign, in));
    OK(cuStreamSynchronize(in));
}

/* 6.18 Stream Management, cuStreamWaitEvent: "hEvent may be from a different context or device than hStream" */
CASE_ALONE(streams_wait_for_events_of_other_contexts)
{
    CUstream one = stream(), other;
    CUevent between = event();
    CUcontext made;
    CUdeviceptr word = device_memory(4);
    struct gate gate = gate_close(one);
    OK(cuEventRecord(between, one));
    OK(cuCtxCreate(&made, 0, device));
    OK(cuStreamCreate(&other, CU_STREAM_NON_BLOCKING));
    OK(cuStreamWaitEvent(other, between, 0));
    OK(cuMemsetD32Async(word, 4, 1, other));
    milliseconds(10);
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(other));
    gate_open(gate);
    OK(cuStreamSynchronize(other));
    EQ(word_at(word), 4);
}

static volatile int order[8];
static volatile int called;

static void note(void *data)
{
    order[called] = (int)(intptr_t)data;
    __atomic_fetch_add(&called, 1, __ATOMIC_RELEASE);
}

/* 6.22 Execution Control, cuLaunchHostFunc: "called after currently enqueued work and will block work added after it" */
CASE(host_functions_keep_the_order_of_their_stream)
{
    CUstream in = stream();
    called = 0;
    struct gate gate = gate_close(in);
    for (intptr_t i = 0; i < 5; i++)
        OK(cuLaunchHostFunc(in, note, (void *)(i * 11)));
    milliseconds(5);
    EQ(called, 0);
    gate_open(gate);
    OK(cuStreamSynchronize(in));
    EQ(called, 5);
    for (int i = 0; i < 5; i++)
        EQ(order[i], i * 11);
    OK(cuStreamDestroy(in));
}

static void read_word(void *data)
{
    uint32_t *words = data;
    words[1] = words[0];
    milliseconds(10);
    words[0] = 50;
}

/* 6.22 Execution Control, cuLaunchHostFunc: it sees what came before, and what comes after sees what it did */
CASE(host_functions_stand_between_device_work)
{
    CUstream in = stream();
    uint32_t *words = pinned(8), n = 1;
    CUdeviceptr address = (CUdeviceptr)(uintptr_t)words;
    CUfunction add_one = kernel("add_one");
    launch(add_one, 1, 1, in, (void *[]){&address, &n});
    OK(cuLaunchHostFunc(in, read_word, words));
    launch(add_one, 1, 1, in, (void *[]){&address, &n});
    OK(cuStreamSynchronize(in));
    EQ(words[1], 1);
    EQ(words[0], 51);
    OK(cuStreamDestroy(in));
}

static volatile CUresult from_host_function;

static void calls_the_library(void *data)
{
    CUdeviceptr address;
    (void)data;
    from_host_function = cuMemAlloc(&address, 16);
}

/* 6.22 Execution Control, cuLaunchHostFunc: "The host function must not make any CUDA API calls. Attempting to use a CUDA
   API may result in CUDA_ERROR_NOT_PERMITTED, but this is not required": no deadlock either */
CASE(calls_from_host_functions_come_to_an_end)
{
    CUstream in = stream();
    from_host_function = CUDA_ERROR_UNKNOWN;
    OK(cuLaunchHostFunc(in, calls_the_library, NULL));
    OK(cuStreamSynchronize(in));
    NE(from_host_function, CUDA_ERROR_UNKNOWN);
    OK(cuStreamDestroy(in));
}

/* 6.22 Execution Control, cuLaunchHostFunc: a function must be given */
CASE(host_function_null_is_invalid)
{
    CUstream in = stream();
    INVALID(cuLaunchHostFunc(in, NULL, NULL));
    OK(cuStreamDestroy(in));
}

static volatile CUresult status_of_callback;
static CUstream volatile stream_of_callback;

static void callback(CUstream in, CUresult status, void *data)
{
    stream_of_callback = in;
    status_of_callback = status;
    *(volatile int *)data = 1;
}

/* 6.18 Stream Management, cuStreamAddCallback: stream, status and data are passed */
CASE(callbacks_are_told_of_stream_and_status)
{
    CUstream in = stream();
    volatile int done = 0;
    status_of_callback = CUDA_ERROR_UNKNOWN;
    OK(cuStreamAddCallback(in, callback, (void *)&done, 0));
    OK(cuStreamSynchronize(in));
    EQ(done, 1);
    EQ(stream_of_callback, in);
    EQ(status_of_callback, CUDA_SUCCESS);
    INVALID(cuStreamAddCallback(in, callback, NULL, 1));
    INVALID(cuStreamAddCallback(in, NULL, NULL, 0));
    OK(cuStreamDestroy(in));
}

/* 6.21 Stream Memory Operations, cuStreamWriteValue32, cuStreamWaitValue32 */
CASE(streams_wait_for_words)
{
    CUstream one = stream(), other = stream();
    CUdeviceptr flag = device_memory(4), word = device_memory(4);
    OK(cuStreamWaitValue32(one, flag, 3, CU_STREAM_WAIT_VALUE_GEQ));
    OK(cuMemsetD32Async(word, 1, 1, one));
    OK(cuStreamWriteValue32(other, flag, 2, 0));
    OK(cuStreamSynchronize(other));
    milliseconds(5);
    EQ(word_at(word), 0);
    OK(cuStreamWriteValue32(other, flag, 3, 0));
    OK(cuStreamSynchronize(one));
    EQ(word_at(word), 1);
    EQ(word_at(flag), 3);
    OK(cuStreamDestroy(one));
    OK(cuStreamDestroy(other));
}

/* 6.21 Stream Memory Operations, cuStreamWaitValue32: EQ, AND and NOR */
CASE(waits_for_equal_and_for_bits)
{
    CUstream one = stream(), other = stream();
    CUdeviceptr flag = device_memory(4);
    OK(cuStreamWaitValue32(one, flag, 5, CU_STREAM_WAIT_VALUE_EQ));
    OK(cuStreamWaitValue32(one, flag, 0x10, CU_STREAM_WAIT_VALUE_AND));
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(one));
    OK(cuStreamWriteValue32(other, flag, 5, 0));
    OK(cuStreamSynchronize(other));
    milliseconds(5);
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(one));
    milliseconds(40);
    OK(cuStreamWriteValue32(other, flag, 0x18, 0));
    OK(cuStreamSynchronize(one));
    OK(cuStreamWaitValue32(one, flag, 0xfffffff0u, CU_STREAM_WAIT_VALUE_NOR));
    OK(cuStreamSynchronize(one));
    OK(cuStreamDestroy(one));
    OK(cuStreamDestroy(other));
}

/* 6.21 Stream Memory Operations, cuStreamWriteValue64 */
CASE(words_of_64_bits)
{
    CUstream in = stream();
    CUdeviceptr at = device_memory(16);
    OK(cuStreamWriteValue64(in, at + 8, 0x123456789abcdef0ull, 0));
    OK(cuStreamWaitValue64(in, at + 8, 0x123456789abcdef0ull, CU_STREAM_WAIT_VALUE_EQ));
    OK(cuStreamSynchronize(in));
    EQ(word_at(at + 8), 0x9abcdef0u);
    EQ(word_at(at + 12), 0x12345678u);
    EQ(word_at(at), 0);
    OK(cuStreamDestroy(in));
}

/* 6.21 Stream Memory Operations, cuStreamWriteValue32: misaligned addresses and unknown flags */
CASE(words_must_be_aligned)
{
    CUstream in = stream();
    CUdeviceptr at = device_memory(16);
    INVALID(cuStreamWriteValue32(in, at + 2, 1, 0));
    INVALID(cuStreamWriteValue64(in, at + 4, 1, 0));
    INVALID(cuStreamWaitValue32(in, at + 1, 1, CU_STREAM_WAIT_VALUE_EQ));
    INVALID(cuStreamWriteValue32(in, at, 1, 0x80));
    OK(cuStreamSynchronize(in));
    EQ(word_at(at), 0);
    OK(cuStreamDestroy(in));
}

/* 6.21 Stream Memory Operations, cuStreamBatchMemOp: "performed in the order in which they appear" */
CASE(batches_of_operations_on_words)
{
    CUstream in = stream();
    CUdeviceptr at = device_memory(16);
    CUstreamBatchMemOpParams list[3];
    memset(list, 0, sizeof list);
    list[0].writeValue.operation = CU_STREAM_MEM_OP_WRITE_VALUE_32;
    list[0].writeValue.address = at;
    list[0].writeValue.value = 1;
    list[1].waitValue.operation = CU_STREAM_MEM_OP_WAIT_VALUE_32;
    list[1].waitValue.address = at;
    list[1].waitValue.value = 1;
    list[1].waitValue.flags = CU_STREAM_WAIT_VALUE_EQ;
    list[2].writeValue.operation = CU_STREAM_MEM_OP_WRITE_VALUE_32;
    list[2].writeValue.address = at + 4;
    list[2].writeValue.value = 2;
    OK(cuStreamBatchMemOp(in, 3, list, 0));
    OK(cuStreamSynchronize(in));
    EQ(word_at(at), 1);
    EQ(word_at(at + 4), 2);
    INVALID(cuStreamBatchMemOp(in, 3, list, 1));
    OK(cuStreamDestroy(in));
}
