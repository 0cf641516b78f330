# SPDX-License-Identifier: LGPL-2.1-or-later
# test-turns.py TEST-TURNS - turns as Python's zoneinfo has them: random rules, each hour of a year of nights that clocks change in
import random
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']


def utc(day, minute, zone, fold):
    """When a clock shows that; the first moment after a gap in which it would have been."""
    local = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    at = local.replace(tzinfo=zone, fold=fold)
    if at.astimezone(timezone.utc).astimezone(zone).replace(tzinfo=None) == local:
        return int(at.timestamp())
    low, high = int(at.timestamp()) - 86400, int(at.timestamp()) + 86400       # a clock that shows less, and more
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).replace(tzinfo=None) > local:
            high = middle
        else:
            low = middle
    return high


def turns(zone, days, start, stop, begin, end):
    zone, found = ZoneInfo(zone), []
    day = datetime.fromtimestamp(begin, zone).date() - timedelta(days=2)
    while day <= datetime.fromtimestamp(end, zone).date():
        if day.weekday() in days:
            first = utc(day, start, zone, 0)
            last = utc(day + timedelta(days=stop <= start), stop, zone, 1)
            if first < last and last > begin and first < end:
                if found and first <= found[-1][1]:
                    found[-1][1] = max(found[-1][1], last)
                else:
                    found.append([first, last])
        day += timedelta(days=1)
    return ' '.join(f'{first}-{last}' for first, last in found)


draw = random.Random(1)
rules, wanted = [], []
for number in range(3000):
    name = draw.choice(['Europe/Stockholm', 'Europe/Copenhagen', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'UTC'])
    night = draw.choice([date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29), date(2018, 11, 4), date(2018, 2, 18), date(2026, 4, 5)])
    begin = int(datetime(night.year, night.month, night.day, tzinfo=timezone.utc).timestamp()) + draw.randrange(-4 * 86400, 86400)
    end = begin + draw.choice([1, 3600, 8 * 86400])
    days = sorted(draw.sample(range(7), draw.randint(1, 7)))
    start, stop = (draw.randrange(1440) if draw.random() < .5 else draw.randrange(20) * 15 for _ in range(2))
    hours = f'{start // 60:02}:{start % 60:02}-{stop // 60:02}:{stop % 60:02}'
    rules.append(f'{name} {",".join(DAYS[day] for day in days)} {hours} {begin} {end}')
    wanted.append(turns(name, days, start, stop, begin, end))

got = subprocess.run([sys.argv[1], '-'], input='\n'.join(rules) + '\n', capture_output=True, text=True, check=True).stdout.split('\n')
wrong = [(rule, want, is_) for rule, want, is_ in zip(rules, wanted, got, strict=False) if want != is_]
for rule, want, is_ in wrong[:5]:
    print(f'# {rule}\n#   wanted {want}\n#   is     {is_}')
some = sum(1 for want in wanted if want)
print(f'{"not " if wrong or some < 1000 else ""}ok 1 - {len(rules)} random rules are as zoneinfo has them, {some} of them with turns')
print('1..1')
sys.exit(bool(wrong))
