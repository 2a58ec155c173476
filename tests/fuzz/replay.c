/*
 * Runs a fuzz target over the files of the folders given, without a fuzzer: what the fuzzers found
 * stays found. Each input lies in an allocation of exactly its size, so that a sanitizer sees a read
 * past its end. A folder without files is an error: a replay of nothing proves nothing.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path, size_t size) {
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size ? size : 1);
    int failed = !file || !data || fread(data, 1, size, file) != size;
    if (failed) {
        perror(path);
    } else {
        printf("%s\n", path);
        fflush(stdout); /* the last name printed is the one that crashed */
        LLVMFuzzerTestOneInput(data, size);
    }
    free(data);
    if (file) {
        fclose(file);
    }
    return failed;
}

static int replay_folder(const char *folder) {
    DIR *entries = opendir(folder);
    if (!entries) {
        perror(folder);
        return 1;
    }
    int failed = 0;
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(entries));) {
        char path[4096];
        struct stat info;
        int length = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (length < (int)sizeof path && stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
            failed |= replay_file(path, (size_t)info.st_size);
            count++;
        }
    }
    closedir(entries);
    printf("%s: %zu inputs\n", folder, count);
    return failed || count == 0;
}

int main(int argc, char **argv) {
    int failed = argc < 2;
    for (int i = 1; i < argc; i++) {
        failed |= replay_folder(argv[i]);
    }
    return failed;
}
