# Django's own list for Swedish takes 5/3 for May 3
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%d.%m.%Y"]
TIME_INPUT_FORMATS = ["%H:%M:%S", "%H:%M", "%H.%M", "%H.%M.%S", "%H:%M:%S.%f"]
