/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Vector addition and matrix multiplication on an IX device, checked against the CPU.
 *
 *   compute DIRECTORY      the directory holds vector_add.ptx and sgemm.ptx
 *
 * Exit status: 0 when all results are right, 1 when one is not or a call fails, 2 for wrong usage.
 */
#include <errno.h>
#include <ixrt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void fail(const char *format, ...)
{
	va_list arguments;

	fputs("compute: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

/* Every call of the runtime goes through this: a failure says where and why. */
static void check(IXresult result, int line)
{
	if (result != IX_SUCCESS) {
		const char *name = "?", *message = "";

		ixGetErrorName(result, &name);
		ixGetLastErrorMessage(&message);
		fail("line %d: %s: %s", line, name, message);
	}
}
#define CHECK(call) check(call, __LINE__)

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec * 1e-9;
}

static char *read_file(const char *directory, const char *name)
{
	char path[4096];
	FILE *file;
	char *text;
	long size;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0)
		fail("cannot read %s: %s", path, strerror(errno));
	rewind(file);
	text = malloc(size + 1);
	if (!text || fread(text, 1, size, file) != (size_t)size)
		fail("cannot read %s", path);
	text[size] = 0;
	fclose(file);
	return text;
}

static IXfunction load(const char *directory, const char *file, const char *kernel)
{
	char *ptx = read_file(directory, file);
	IXmodule module;
	IXfunction function;

	CHECK(ixModuleLoadData(&module, ptx));
	CHECK(ixModuleGetFunction(&function, module, kernel));
	free(ptx);
	return function;
}

static IXdeviceptr upload(const float *x, size_t n)
{
	IXdeviceptr address;

	CHECK(ixMemAlloc(&address, n * sizeof(*x)));
	CHECK(ixMemcpyHtoD(address, x, n * sizeof(*x)));
	return address;
}

/* Numbers from -1 to 1, the same in every run. */
static float *numbers(size_t n)
{
	static unsigned state = 1;
	float *x = malloc(n * sizeof(*x));

	if (!x)
		fail("out of memory");
	for (size_t i = 0; i < n; i++) {
		state = state * 1664525 + 1013904223;
		x[i] = (float)(int)state / 2147483648.0f;
	}
	return x;
}

/* Prints a line and tells whether the error is small enough. */
static int report(const char *what, double time, double error, double allowed, const char *rate)
{
	int right = error <= allowed;

	printf("%-34s %9.3f ms  %-16s max error %.2e  %s\n", what, time * 1e3, rate, error, right ? "ok" : "WRONG");
	return right;
}

static int vector_add(const char *directory)
{
	unsigned n = 1 << 20;
	float *a = numbers(n), *b = numbers(n), *c = malloc(n * sizeof(*c));
	IXfunction kernel = load(directory, "vector_add.ptx", "vector_add");
	IXdeviceptr da = upload(a, n), db = upload(b, n), dc = upload(a, n);
	void *parameters[] = { &da, &db, &dc, &n };
	double start, time, error = 0;
	char what[64], rate[32];

	start = seconds();
	CHECK(ixLaunchKernel(kernel, (n + 255) / 256, 1, 1, 256, 1, 1, 0, NULL, parameters, NULL));
	CHECK(ixCtxSynchronize());
	time = seconds() - start;
	CHECK(ixMemcpyDtoH(c, dc, n * sizeof(*c)));
	for (unsigned i = 0; i < n; i++)
		error = fmax(error, fabs((double)c[i] - (a[i] + b[i])));
	CHECK(ixMemFree(da));
	CHECK(ixMemFree(db));
	CHECK(ixMemFree(dc));
	free(a);
	free(b);
	free(c);
	snprintf(what, sizeof(what), "vector_add  %u elements", n);
	snprintf(rate, sizeof(rate), "%.2f GB/s", 3e-9 * n * sizeof(float) / time);
	return report(what, time, error, 0, rate);
}

static int sgemm(const char *directory)
{
	/* No multiples of the kernel's tile, so that its edges are tested too. */
	unsigned m = 250, n = 270, k = 260;
	float alpha = 1.5f, beta = -0.5f;
	float *a = numbers(m * k), *b = numbers(k * n), *c = numbers(m * n), *result = malloc(m * n * sizeof(*result));
	IXfunction kernel = load(directory, "sgemm.ptx", "sgemm");
	IXdeviceptr da = upload(a, m * k), db = upload(b, k * n), dc = upload(c, m * n);
	void *parameters[] = { &m, &n, &k, &alpha, &da, &db, &beta, &dc };
	double start, time, error = 0;
	char what[64], rate[32];

	start = seconds();
	CHECK(ixLaunchKernel(kernel, (n + 31) / 32, (m + 31) / 32, 1, 16, 16, 1, 0, NULL, parameters, NULL));
	CHECK(ixCtxSynchronize());
	time = seconds() - start;
	CHECK(ixMemcpyDtoH(result, dc, m * n * sizeof(*result)));
	for (unsigned i = 0; i < m; i++)
		for (unsigned j = 0; j < n; j++) {
			double sum = 0;

			for (unsigned l = 0; l < k; l++)
				sum += (double)a[i * k + l] * b[l * n + j];
			error = fmax(error, fabs(result[i * n + j] - (alpha * sum + beta * c[i * n + j])));
		}
	CHECK(ixMemFree(da));
	CHECK(ixMemFree(db));
	CHECK(ixMemFree(dc));
	free(a);
	free(b);
	free(c);
	free(result);
	snprintf(what, sizeof(what), "sgemm  %u x %u x %u", m, n, k);
	snprintf(rate, sizeof(rate), "%.3f GFLOP/s", 2e-9 * m * n * k / time);
	/* k products of numbers up to 1, each step rounded to 24 bits of sums of about sqrt(k). */
	return report(what, time, error, k * 0x1p-22, rate);
}

int main(int argc, char **argv)
{
	IXdevice device;
	IXcontext context;
	const char *backend;
	char name[128];
	size_t memory;
	int right, sms;

	if (argc != 2) {
		fprintf(stderr, "Usage: compute DIRECTORY-OF-PTX\n");
		return 2;
	}
	CHECK(ixInit(0));
	CHECK(ixDeviceGet(&device, 0));
	CHECK(ixDeviceGetName(name, sizeof(name), device));
	CHECK(ixDeviceTotalMem(&memory, device));
	CHECK(ixDeviceGetAttribute(&sms, IX_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, device));
	CHECK(ixCtxCreate(&context, 0, device));
	CHECK(ixGetBackendName(&backend));
	printf("device 0: %s, %d SMs, %zu MiB, backend %s\n", name, sms, memory >> 20, backend);

	right = vector_add(argv[1]);
	right &= sgemm(argv[1]);
	CHECK(ixCtxDestroy(context));
	return right ? 0 : 1;
}
