/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Adds two vectors on the device: the smallest complete program.
 *
 *   cc vector_add.c $(pkg-config --cflags --libs ixrt) -o vector_add && ./vector_add
 */
#include <ixrt.h>
#include <stdio.h>
#include <stdlib.h>

static const char ptx[] =
	".version 7.5\n"
	".target sm_80\n"
	".address_size 64\n"
	".visible .entry vector_add(.param .u64 a, .param .u64 b, .param .u64 c, .param .u32 n)\n"
	"{\n"
	"	.reg .pred %p;\n"
	"	.reg .b32 %r<5>;\n"
	"	.reg .f32 %f<4>;\n"
	"	.reg .b64 %rd<5>;\n"
	"	ld.param.u64 %rd1, [a];\n"
	"	ld.param.u64 %rd2, [b];\n"
	"	ld.param.u64 %rd3, [c];\n"
	"	ld.param.u32 %r1, [n];\n"
	"	mov.u32 %r2, %ctaid.x;\n"
	"	mov.u32 %r3, %ntid.x;\n"
	"	mov.u32 %r4, %tid.x;\n"
	"	mad.lo.u32 %r2, %r2, %r3, %r4;\n"
	"	setp.ge.u32 %p, %r2, %r1;\n"
	"	@%p ret;\n"
	"	mul.wide.u32 %rd4, %r2, 4;\n"
	"	add.u64 %rd1, %rd1, %rd4;\n"
	"	add.u64 %rd2, %rd2, %rd4;\n"
	"	add.u64 %rd3, %rd3, %rd4;\n"
	"	ld.global.f32 %f1, [%rd1];\n"
	"	ld.global.f32 %f2, [%rd2];\n"
	"	add.f32 %f3, %f1, %f2;\n"
	"	st.global.f32 [%rd3], %f3;\n"
	"	ret;\n"
	"}\n";

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
	enum { N = 1000 };
	static float a[N], b[N], c[N];
	unsigned n = N;
	IXdevice device;
	IXcontext context;
	IXmodule module;
	IXfunction function;
	IXdeviceptr da, db, dc;
	void *arguments[] = { &da, &db, &dc, &n };

	for (int i = 0; i < N; i++) {
		a[i] = i;
		b[i] = 0.5f * i;
	}
	check(ixInit(0));
	check(ixDeviceGet(&device, 0));
	check(ixCtxCreate(&context, 0, device));
	check(ixModuleLoadData(&module, ptx));
	check(ixModuleGetFunction(&function, module, "vector_add"));
	check(ixMemAlloc(&da, sizeof(a)));
	check(ixMemAlloc(&db, sizeof(b)));
	check(ixMemAlloc(&dc, sizeof(c)));
	check(ixMemcpyHtoD(da, a, sizeof(a)));
	check(ixMemcpyHtoD(db, b, sizeof(b)));
	check(ixLaunchKernel(function, (N + 255) / 256, 1, 1, 256, 1, 1, 0, NULL, arguments, NULL));
	check(ixMemcpyDtoH(c, dc, sizeof(c)));
	for (int i = 0; i < N; i++) {
		if (c[i] != 1.5f * i) {
			fprintf(stderr, "c[%d] is %g\n", i, c[i]);
			return 1;
		}
	}
	check(ixCtxDestroy(context));
	puts("1000 sums are right");
	return 0;
}
