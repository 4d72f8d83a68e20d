/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Copies beside each other in two streams, through pinned memory, and measures with events.
 *
 *   cc streams.c $(pkg-config --cflags --libs ixrt) -o streams && ./streams
 */
#include <ixrt.h>
#include <stdio.h>
#include <stdlib.h>

static void check(IXresult result)
{
	const char *message = "";

	if (result == IX_SUCCESS)
		return;
	ixGetLastErrorMessage(&message);
	fprintf(stderr, "%s\n", message);
	exit(1);
}

int main(void)
{
	enum { BYTES = 1 << 20, STREAMS = 2 };
	unsigned char *host[STREAMS];
	IXdeviceptr device[STREAMS];
	IXstream stream[STREAMS];
	IXevent start, end;
	IXcontext context;
	float milliseconds;

	check(ixInit(0));
	check(ixCtxCreate(&context, 0, 0));
	check(ixEventCreate(&start, IX_EVENT_DEFAULT));
	check(ixEventCreate(&end, IX_EVENT_DEFAULT));
	for (int i = 0; i < STREAMS; i++) {
		check(ixStreamCreate(&stream[i], IX_STREAM_NON_BLOCKING));
		check(ixMemAllocHost((void **)&host[i], BYTES));
		check(ixMemAlloc(&device[i], BYTES));
	}
	check(ixEventRecord(start, stream[0]));
	for (int i = 0; i < STREAMS; i++) {
		check(ixMemsetD8Async(device[i], (unsigned char)(i + 1), BYTES, stream[i]));
		check(ixMemcpyDtoHAsync(host[i], device[i], BYTES, stream[i]));
	}
	/* The first stream ends after the second. */
	check(ixEventRecord(end, stream[1]));
	check(ixStreamWaitEvent(stream[0], end, 0));
	check(ixEventRecord(end, stream[0]));
	check(ixEventSynchronize(end));
	check(ixEventElapsedTime(&milliseconds, start, end));
	for (int i = 0; i < STREAMS; i++) {
		for (int k = 0; k < BYTES; k++) {
			if (host[i][k] != i + 1) {
				fprintf(stderr, "byte %d of stream %d is %d\n", k, i, host[i][k]);
				return 1;
			}
		}
	}
	check(ixCtxDestroy(context));
	printf("two streams were right after %.3f ms\n", milliseconds);
	return 0;
}
