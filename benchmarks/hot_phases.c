/* Phases meet and feel in C99, fused into one loop by hand: the same rules, in the same order of sums, as
   simulator/kernels/meet.py and health.py. The struct `resident` is written by hot_phases.py from the record type of
   simulator/population/columns.py and prepended to this text before compilation. */
#include <math.h>

struct constants {
    double keep[16], gain[16], support_weight[8], need[9];
    double trust_support, trust_keep, forgotten, half;
    double onset_rate, recovery_rate, steepness, illness_effect, hardening_weeks;
    uint8_t stopped_by[8], no_tie, adult_band;
};

static double forget(struct resident *r, uint32_t i, const struct constants *k) {
    double total = k->trust_support * r->trust;
    for (uint8_t j = 0; j < r->slots_used; j++) {
        double strength = (double)r->strength[j];
        if (r->context[j] != k->no_tie && strength < k->forgotten) {
            r->context[j] = k->no_tie;
            r->strength[j] = 0.0f;
            r->other[j] = i;
        } else {
            total += k->support_weight[r->context[j]] * strength;
        }
    }
    return total;
}

static int surely_above(double u, double scale, double exponent) {
    if (exponent >= 8.0)
        return 0;
    double root = 1.0 - exponent / 8.0;
    root = root * root;
    root = root * root;
    return u * (root * root) >= scale * (1.0 + 1e-9);
}

void meet_and_feel(struct resident *restrict residents, uint32_t size, const uint8_t *restrict away,
                   const uint32_t *restrict luck, uint8_t bit, const struct constants *restrict k) {
    for (uint32_t i = 0; i < size; i++) {
        struct resident *r = &residents[i];
        double total = k->trust_support * r->trust;
        uint8_t away_i = away[i], faded = 0;
        for (uint8_t j = 0; j < r->slots_used; j++) {
            uint8_t context = r->context[j];
            uint8_t stopped = (away_i | away[r->other[j]]) & k->stopped_by[context];
            uint8_t met = (r->meetings[j] >> bit) & 1 & (stopped == 0);
            uint8_t index = (uint8_t)(met << 3) | context;
            float kept = (float)((double)r->strength[j] * k->keep[index] + k->gain[index]);
            double strength = (double)kept;
            r->strength[j] = kept;
            faded |= (strength < k->forgotten) & (context != k->no_tie);
            total += k->support_weight[context] * strength;
        }
        if (faded)
            total = forget(r, i, k);
        r->support = total / (total + k->half);
        r->trust *= k->trust_keep;
        if (r->age_band < k->adult_band)
            continue;
        double u = ((double)luck[i] + 0.5) * 2.3283064365386963e-10;
        double unmet = k->need[r->age_band] + r->personal_need - r->support;
        if (r->lonely) {
            double rate = k->recovery_rate * exp(-k->steepness * unmet) / (1.0 + r->weeks_lonely / k->hardening_weeks);
            if (u < rate && u < 1.0 - exp(-rate)) {
                r->lonely = 0;
                r->weeks_lonely = 0;
            } else {
                r->weeks_lonely++;
            }
        } else {
            double exponent = k->steepness * unmet + k->illness_effect * r->conditions;
            if (surely_above(u, k->onset_rate, exponent))
                continue;
            double rate = k->onset_rate * exp(exponent);
            if (u < rate && u < 1.0 - exp(-rate)) {
                r->lonely = 1;
                r->weeks_lonely = 1;
            }
        }
    }
}
