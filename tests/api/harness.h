/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The harness of the API conformance suite: what a case is made of.
 *
 * A *case* is a C function that checks one rule of CUDA's driver interface, and cites the section of NVIDIA's
 * "CUDA Driver API" reference (numbered as in its 12.x editions, by module) that states it. It ends at the first
 * check that does not hold. A case has a process of its own, since errors stick to contexts and the library's state
 * belongs to the process; a CASE leaves nothing behind, so that with `--together` it may share a process with
 * others, while a CASE_ALONE never does.
 */
#ifndef API_HARNESS_H
#define API_HARNESS_H

#include <ixcuda.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct api_case {
    const char *subject, *name;
    void (*run)(void);
    int alone;
};

void register_case(const struct api_case *entry);

#define DEFINE_CASE(case_name, is_alone)                                                                               \
    static void case_##case_name(void);                                                                                \
    __attribute__((constructor)) static void register_##case_name(void)                                                \
    {                                                                                                                  \
        static const struct api_case entry = {SUBJECT, #case_name, case_##case_name, is_alone};                        \
        register_case(&entry);                                                                                         \
    }                                                                                                                  \
    static void case_##case_name(void)

/* SUBJECT is defined by the file. */
#define CASE(name) DEFINE_CASE(name, 0)
#define CASE_ALONE(name) DEFINE_CASE(name, 1)

/* Ends the case, or the thread that calls it, as failed. */
__attribute__((noreturn, format(printf, 3, 4))) void fail(const char *file, int line, const char *format, ...);

const char *error_name(CUresult code);

/* The call gives this code. */
#define GIVES(code, call)                                                                                              \
    do {                                                                                                               \
        CUresult got_ = (call);                                                                                        \
        if (got_ != (code))                                                                                            \
            fail(__FILE__, __LINE__, "%s gives %s, not %s", #call, error_name(got_), #code);                           \
    } while (0)
#define OK(call) GIVES(CUDA_SUCCESS, call)
#define INVALID(call) GIVES(CUDA_ERROR_INVALID_VALUE, call)

/* One of two codes, where the documentation names both or leaves it open. */
#define GIVES_EITHER(one, other, call)                                                                                 \
    do {                                                                                                               \
        CUresult got_ = (call);                                                                                        \
        if (got_ != (one) && got_ != (other))                                                                          \
            fail(__FILE__, __LINE__, "%s gives %s, not %s or %s", #call, error_name(got_), #one, #other);              \
    } while (0)

/* Numbers, handles and pointers are compared as 64 bits. */
#define AS_NUMBER(value) ((long long)(intptr_t)(value))
#define EQ(left, right)                                                                                                \
    do {                                                                                                               \
        long long left_ = AS_NUMBER(left), right_ = AS_NUMBER(right);                                                  \
        if (left_ != right_)                                                                                           \
            fail(__FILE__, __LINE__, "%s is %lld (%#llx), not %lld (%#llx)", #left, left_, left_, right_, right_);     \
    } while (0)
#define NE(left, right)                                                                                                \
    do {                                                                                                               \
        long long left_ = AS_NUMBER(left);                                                                             \
        if (left_ == AS_NUMBER(right))                                                                                 \
            fail(__FILE__, __LINE__, "%s is %lld (%#llx), as %s is", #left, left_, left_, #right);                     \
    } while (0)
#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fail(__FILE__, __LINE__, "%s does not hold", #condition);                                                  \
    } while (0)
#define TEXT_EQ(left, right)                                                                                           \
    do {                                                                                                               \
        const char *left_ = (left);                                                                                    \
        if (!left_ || strcmp(left_, (right)))                                                                          \
            fail(__FILE__, __LINE__, "%s is \"%s\", not \"%s\"", #left, left_ ? left_ : "(null)", (right));            \
    } while (0)

/* What most cases begin with. */

extern CUdevice device; /* device 0, after init() */

void init(void);                        /* cuInit */
CUcontext context(void);                /* init, and the primary context of device 0 made current */
CUfunction kernel(const char *name);    /* a kernel of `kernels`, in that context */
CUmodule module(void);                  /* `kernels`, loaded there */
int attribute(CUdevice_attribute which);
CUstream stream(void);                  /* a new blocking stream */
CUevent event(void);                    /* a new event with timing */
CUdeviceptr device_memory(size_t bytes);/* new, filled with 0 */
void *pinned(size_t bytes);             /* new, filled with 0 */
uint32_t word_at(CUdeviceptr address);  /* as a copy gives it that waits for no other stream */
void launch(CUfunction function, unsigned grid, unsigned block, CUstream in, void **params);
void milliseconds(unsigned count);      /* sleeps */

/*
 * A gate holds up a stream: work behind gate_close does not begin before gate_open. It is a kernel that polls a word of
 * pinned memory, so that it needs no host function.
 */
struct gate {
    volatile uint32_t *word;
};
struct gate gate_close(CUstream in);
void gate_open(struct gate gate);

extern const char kernels[]; /* PTX: see kernels.c */

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
