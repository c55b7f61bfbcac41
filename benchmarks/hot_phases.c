/* Phases meet and feel in C99, fused into one loop by hand: the same rules, in the same order of sums, as
   simulator/kernels/meet.py and health.py. The struct `resident` is written by hot_phases.py from the record type of
   simulator/population/columns.py and prepended to this text before compilation. */
#include <math.h>

struct constants {
    double keep[128], gain[128], support_weight[8], need[9];
    double trust_support, trust_keep, forgotten, half;
    double mood_keep_in_step, mood_change_in_step, unmet_keep_in_step, outlook_keep_in_step, support_effect, outlook_effect, illness_effect, giver_effect;
    double threshold, margin, centre, spread;
    uint8_t no_tie, adult_band;
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

void meet_and_feel(struct resident *restrict residents, uint32_t size, const uint32_t *restrict words,
                   uint8_t first, const struct constants *restrict k) {
    for (uint32_t i = 0; i < size; i++) {
        struct resident *r = &residents[i];
        r->trust *= k->trust_keep;
        double total = k->trust_support * r->trust;
        uint8_t faded = 0;
        for (uint8_t j = 0; j < r->slots_used; j++) {
            uint8_t context = r->context[j];
            uint8_t met = (r->meetings[j] >> first) & 15;
            uint8_t index = (uint8_t)(context << 4) | met;
            float kept = (float)((double)r->strength[j] * k->keep[index] + k->gain[index]);
            double strength = (double)kept;
            r->strength[j] = kept;
            faded |= (strength < k->forgotten) & (context != k->no_tie);
            total += k->support_weight[context] * strength;
        }
        if (faded)
            total = forget(r, i, k);
        r->support = total / (total + k->half);
        r->unmet_need *= k->unmet_keep_in_step;
        if (r->age_band < k->adult_band)
            continue;
        double u = ((double)words[i] + 0.5) * 2.3283064365386963e-10;
        r->mood = (float)(r->mood * k->mood_keep_in_step + k->mood_change_in_step * (u - 0.5));
        if (r->outlook > 0.0f)
            r->outlook = (float)(r->outlook * k->outlook_keep_in_step);
        double need = k->need[r->age_band] + r->personal_need;
        double helped = k->support_effect * r->support * (1.0 + k->outlook_effect * r->outlook);
        double lasting = need - helped + k->illness_effect * r->conditions;
        double score = (lasting + r->mood - k->giver_effect * r->volunteer - k->centre) / k->spread;
        r->lonely = score > (r->lonely ? k->threshold - k->margin : k->threshold);
        r->weeks_lonely = r->lonely ? r->weeks_lonely + 4 : 0;
    }
}
