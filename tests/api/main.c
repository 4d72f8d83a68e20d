// SPDX-License-Identifier: Apache-2.0 OR MIT
/*
 * Runs the cases: each in a process of its own (this program again, with the case's name), under a time limit, and
 * reports in the Test Anything Protocol. A child tells on descriptor 3 which case begins (its place among the child's)
 * and how it ended; one that dies or hangs in the middle fails the case at hand, and a new child goes on behind it.
 */
#define _GNU_SOURCE
#include "harness.h"
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 2000, REPORT = 3 };

static const struct api_case *cases[MOST];
static int case_count;

void register_case(const struct api_case *entry)
{
    if (case_count == MOST)
        abort();
    cases[case_count++] = entry;
}

/* Constructors run in an order of the linker's; this is by subject, and within it by name. */
static int by_subject(const void *left, const void *right)
{
    const struct api_case *a = *(const struct api_case *const *)left, *b = *(const struct api_case *const *)right;
    int order = strcmp(a->subject, b->subject);
    return order ? order : strcmp(a->name, b->name);
}

/* In the child. */

static jmp_buf end_of_case;
static pthread_t runner;
static volatile int failed;

void fail(const char *file, int line, const char *format, ...)
{
    va_list list;
    const char *base = strrchr(file, '/');
    flockfile(stdout);
    printf("%s:%d: ", base ? base + 1 : file, line);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    printf("\n");
    fflush(stdout);
    funlockfile(stdout);
    failed = 1;
    if (pthread_equal(pthread_self(), runner))
        longjmp(end_of_case, 1);
    pthread_exit(NULL);
}

static void leave_contexts(void)
{
    CUcontext any = NULL;
    while (cuCtxGetCurrent(&any) == CUDA_SUCCESS && any)
        if (cuCtxPopCurrent(&any) != CUDA_SUCCESS)
            break;
}

static int child(int count, char **names)
{
    runner = pthread_self();
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int at = 0; at < count; at++) {
        const struct api_case *volatile entry = NULL;
        char full[200];
        for (int i = 0; i < case_count; i++) {
            snprintf(full, sizeof full, "%s/%s", cases[i]->subject, cases[i]->name);
            if (!strcmp(full, names[at]))
                entry = cases[i];
        }
        if (!entry)
            return 2;
        failed = 0;
        if (write(REPORT, "b", 1) != 1)
            return 2;
        if (!setjmp(end_of_case))
            entry->run();
        if (write(REPORT, failed ? "f" : "p", 1) != 1)
            return 2;
        if (at + 1 < count)
            leave_contexts();
    }
    return 0;
}

/* In the parent. */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void print_output(int file)
{
    static char text[1 << 16];
    ssize_t size = pread(file, text, sizeof text - 1, 0);
    if (size <= 0)
        return;
    text[size] = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        printf("    # %s\n", line);
}

static int passed, number;

static void verdict(const struct api_case *entry, int pass, double began, int output, const char *why)
{
    printf("%sok %d - %s/%s # %.0f ms\n", pass ? "" : "not ", ++number, entry->subject, entry->name, (now() - began) * 1000);
    passed += pass;
    if (!pass) {
        print_output(output);
        if (*why)
            printf("    # %s\n", why);
    }
    fflush(stdout);
}

/* Runs some cases in one child; returns how many have a verdict. */
static int run_some(const struct api_case **list, int count, double limit)
{
    int report[2], output = memfd_create("output", 0);
    char *arguments[MOST + 4] = {"/proc/self/exe", "--child"};
    static char names[MOST][200];
    for (int i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "%s/%s", list[i]->subject, list[i]->name);
        arguments[2 + i] = names[i];
    }
    if (output < 0 || pipe(report)) {
        perror("pipe");
        exit(2);
    }
    double began = now();
    pid_t pid = fork();
    if (!pid) {
        dup2(output, 1);
        dup2(output, 2);
        if (report[1] != REPORT)
            dup2(report[1], REPORT);
        execv(arguments[0], arguments);
        _exit(127);
    }
    close(report[1]);
    if (pid < 0) {
        perror("fork");
        exit(2);
    }
    int done = 0, status = 0, running = 0, hung = 0;
    while (done < count) {
        /* Other processes that the library started may hold the pipe, so the end of the child counts, not of the pipe. */
        fd_set set;
        struct timeval wait = {0, 20000};
        FD_ZERO(&set);
        FD_SET(report[0], &set);
        char what = 0;
        if (select(report[0] + 1, &set, NULL, NULL, &wait) > 0 && read(report[0], &what, 1) == 1) {
            if (what == 'b') {
                running = 1;
            } else {
                verdict(list[done++], what == 'p', began, output, "");
                running = 0;
                began = now();
                if (ftruncate(output, 0) || lseek(output, 0, SEEK_SET))
                    exit(2);
            }
            continue;
        }
        if (waitpid(pid, &status, WNOHANG) == pid) {
            pid = 0;
            break;
        }
        if (now() - began > limit) {
            hung = 1;
            break;
        }
    }
    if (pid) {
        /* Destructors of the library are part of what is tested, if they come to an end. */
        double ends = now() + limit;
        while (!hung && waitpid(pid, &status, WNOHANG) == 0 && now() < ends)
            usleep(1000);
        if (hung || now() >= ends) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
        }
    }
    if (done < count) {
        char why[100];
        if (hung)
            snprintf(why, sizeof why, "no end within %.0f s", limit);
        else if (WIFSIGNALED(status))
            snprintf(why, sizeof why, "killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
        else
            snprintf(why, sizeof why, "exit status %d%s", WEXITSTATUS(status), running ? "" : ", before the case began");
        verdict(list[done++], 0, began, output, why);
    } else if (WIFSIGNALED(status) || WEXITSTATUS(status)) {
        /* The case passed, and then the process failed: that is a failure of the last case. */
        printf("Bail out! after %s/%s the process ended with wait status %#x\n", list[count - 1]->subject,
               list[count - 1]->name, status);
        exit(1);
    }
    close(report[0]);
    close(output);
    return done;
}

static void usage(FILE *to)
{
    fprintf(to, "usage: api [-l] [--together] [--timeout SECONDS] [WORD...]\n"
                "Runs the cases with one of the words in SUBJECT/NAME; all without words.\n"
                "  -l                 lists them\n"
                "  --together         cases that leave nothing behind share a process\n"
                "  --timeout SECONDS  for each case; 60 when not given\n");
}

int main(int count, char **arguments)
{
    qsort(cases, case_count, sizeof *cases, by_subject);
    if (count > 2 && !strcmp(arguments[1], "--child"))
        return child(count - 2, arguments + 2);
    int list = 0, together = 0, words = 0;
    double limit = 60;
    for (int i = 1; i < count; i++) {
        if (!strcmp(arguments[i], "-l"))
            list = 1;
        else if (!strcmp(arguments[i], "--together"))
            together = 1;
        else if (!strcmp(arguments[i], "--timeout") && i + 1 < count && (limit = atof(arguments[i + 1])) > 0)
            i++;
        else if (*arguments[i] == '-')
            return usage(strcmp(arguments[i], "--help") ? stderr : stdout), strcmp(arguments[i], "--help") ? 2 : 0;
        else
            arguments[++words] = arguments[i];
    }
    static const struct api_case *chosen[MOST];
    int choice = 0;
    for (int alone = 0; alone < 2; alone++)
        for (int i = 0; i < case_count; i++) {
            char full[200];
            int wanted = !words;
            snprintf(full, sizeof full, "%s/%s", cases[i]->subject, cases[i]->name);
            for (int w = 1; w <= words; w++)
                wanted |= strstr(full, arguments[w]) != NULL;
            /* Together, those that share come first; otherwise the order is that of the list. */
            if (wanted && (together ? cases[i]->alone == alone : !alone))
                chosen[choice++] = cases[i];
        }
    if (list) {
        for (int i = 0; i < choice; i++)
            printf("%s/%s\n", chosen[i]->subject, chosen[i]->name);
        return 0;
    }
    if (!choice) {
        fprintf(stderr, "no case has such a name\n");
        return 2;
    }
    double began = now();
    printf("TAP version 13\n1..%d\n", choice);
    for (int at = 0; at < choice;) {
        int share = 1;
        if (together && !chosen[at]->alone)
            while (at + share < choice && !chosen[at + share]->alone)
                share++;
        at += run_some(chosen + at, share, limit);
    }
    printf("# %d of %d cases passed, %d failed, in %.1f s\n", passed, choice, choice - passed, now() - began);
    return passed != choice;
}
