/* The reference workload in C99: the same rules, draws and order of sums as run_columns in reference.py.
   Compiled with -O3 -march=native -ffp-contract=off, so that multiplications and additions are not fused. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const double KEEPS[2] = {1.0 - 0.05, 0.97}, GAINS[2] = {0.05, 0.0};
static const double NEED = 5.0, STEEPNESS = 0.5;
static const double WORSEN = 0.01, IMPROVE = 0.03, LONELY_RATIO = 0.15;
static const int64_t ADMISSION_PENCE = 320000, LONELY_PENCE = 210;
static const uint8_t OFTEN_LONELY = 2;
static const uint32_t STREAM = 255;

static inline void draw(uint64_t seed, uint32_t stream, uint32_t week, uint32_t berth, double *u0, double *u1) {
    uint32_t c0 = berth, c1 = 0, c2 = week, c3 = stream;
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int i = 0; i < 10; i++) {
        uint64_t product0 = (uint64_t)c0 * 0xD2511F53u, product1 = (uint64_t)c2 * 0xCD9E8D57u;
        c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)product1;
        c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)product0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    *u0 = ((double)c0 + 0.5) * 2.3283064365386963e-10;
    *u1 = ((double)c1 + 0.5) * 2.3283064365386963e-10;
}

/* Returns 0, or 1 if memory ran out. */
int run_weeks(uint32_t residents, uint32_t weeks, uint64_t seed, const uint32_t *first_tie, const uint32_t *other,
              double *strength, const uint8_t *group, const double *frailty, const double *rate,
              uint8_t *loneliness, uint8_t *absent, int64_t *admissions, int64_t *pence) {
    uint8_t *before = malloc(residents), *after = malloc(residents);
    double *u_feel = malloc(8 * (size_t)residents), *u_fall_ill = malloc(8 * (size_t)residents);
    if (!before || !after || !u_feel || !u_fall_ill) {
        free(before);
        free(after);
        free(u_feel);
        free(u_fall_ill);
        return 1;
    }
    memcpy(before, absent, residents);
    for (uint32_t week = 0; week < weeks; week++) {
        for (uint32_t i = 0; i < residents; i++)
            draw(seed, STREAM, week, i, &u_feel[i], &u_fall_ill[i]);
        for (uint32_t i = 0; i < residents; i++) {
            double support = 0.0;
            uint8_t own = before[i];
            for (uint32_t slot = first_tie[i]; slot < first_tie[i + 1]; slot++) {
                uint8_t apart = own | before[other[slot]];
                double s = strength[slot];
                s = s * KEEPS[apart] + GAINS[apart];
                strength[slot] = s;
                support += s;
            }
            double tilt = exp(STEEPNESS * (support - NEED));
            uint8_t state = loneliness[i];
            if (state < OFTEN_LONELY && u_feel[i] < WORSEN / tilt)
                state++;
            else if (state > 0 && u_feel[i] > 1.0 - IMPROVE * tilt)
                state--;
            loneliness[i] = state;
            double hazard = -rate[group[i]] * frailty[i] * (1.0 + LONELY_RATIO * state);
            uint8_t ill = u_fall_ill[i] < 1.0 - exp(hazard);
            after[i] = ill || state == OFTEN_LONELY;
            admissions[group[i]] += ill;
            pence[group[i]] += ADMISSION_PENCE * ill + LONELY_PENCE * state;
        }
        uint8_t *swap = before;
        before = after;
        after = swap;
    }
    memcpy(absent, before, residents);
    free(before);
    free(after);
    free(u_feel);
    free(u_fall_ill);
    return 0;
}
